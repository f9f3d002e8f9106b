// Package gasvault_test tries the committed artifact, NEF and manifest as they are deployed, on the
// virtual machine of the nodes. test/chain/contract-sources.test.ts holds the artifact to the sources.
package gasvault_test

import (
	"bytes"
	"maps"
	"math/big"
	"testing"

	"github.com/nspcc-dev/neo-go/pkg/core/native/nativehashes"
	"github.com/nspcc-dev/neo-go/pkg/core/state"
	"github.com/nspcc-dev/neo-go/pkg/core/transaction"
	"github.com/nspcc-dev/neo-go/pkg/crypto/keys"
	"github.com/nspcc-dev/neo-go/pkg/neotest"
	"github.com/nspcc-dev/neo-go/pkg/neotest/chain"
	"github.com/nspcc-dev/neo-go/pkg/smartcontract"
	"github.com/nspcc-dev/neo-go/pkg/util"
	"github.com/nspcc-dev/neo-go/pkg/vm/stackitem"
	"github.com/nspcc-dev/neo-go/pkg/vm/vmstate"
	"github.com/nspcc-dev/neo-go/pkg/wallet"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

const (
	gasUnit    = 100_000_000
	minimum    = gasUnit / 100
	releaseCap = 10 * gasUnit
	refillCap  = 3 * gasUnit
	funds      = 50 * gasUnit

	hourMs = 60 * 60 * 1000
	dayMs  = 24 * hourMs

	measured = -1
	notOwner = "no witness of the owner"
	notOp    = "no witness of the operator"
	notEntry = "not called by the entry script"
)

// fixture is a chain of its own with a vault on it that holds 50 GAS.
type fixture struct {
	*neotest.Executor
	t        *testing.T
	vault    util.Uint160
	owner    neotest.Signer // Two of three keys.
	operator neotest.Signer
	sponsor  neotest.Signer
	user     neotest.Signer
	stranger neotest.Signer
}

func newFixture(t *testing.T) *fixture {
	f := newChain(t)
	f.deployVault(artifact(t, f.Validator.ScriptHash()))
	return f
}

func (f *fixture) deployVault(contract *neotest.Contract) {
	f.DeployContract(f.t, contract, f.terms())
	f.vault = contract.Hash
	f.pay(f.user, f.vault, funds, nil).halts(true)
}

// newChain has the accounts and no vault yet.
func newChain(t *testing.T) *fixture {
	bc, validator := chain.NewSingleWithOptions(t, &chain.Options{Logger: zap.NewNop()})
	f := &fixture{Executor: neotest.NewExecutor(t, bc, validator, validator), t: t}
	f.owner = f.newCouncil()
	f.operator = f.NewAccount(t, 1000*gasUnit)
	f.sponsor = f.NewAccount(t)
	f.user = f.NewAccount(t, 1000*gasUnit)
	f.stranger = f.NewAccount(t)
	return f
}

func artifact(t *testing.T, deployer util.Uint160) *neotest.Contract {
	return neotest.ReadNEF(t, deployer, "artifacts/gas-vault.nef", "artifacts/gas-vault.manifest.json")
}

func (f *fixture) newCouncil() neotest.Signer {
	members, publicKeys := make([]*wallet.Account, 3), make([]*keys.PublicKey, 3)
	for i := range members {
		member, err := wallet.NewAccount()
		require.NoError(f.t, err)
		members[i], publicKeys[i] = member, member.PublicKey()
	}
	for _, member := range members {
		require.NoError(f.t, member.ConvertMultisig(2, publicKeys))
	}
	council := neotest.NewMultiSigner(members...)
	f.pay(f.Validator, council.ScriptHash(), 100*gasUnit, nil).halts(true)
	return council
}

func (f *fixture) terms() []any {
	return []any{
		f.owner.ScriptHash(), f.operator.ScriptHash(), int64(minimum), int64(releaseCap), int64(refillCap),
		[]any{f.sponsor.ScriptHash()},
	}
}

// witness is a signature and where it counts.
type witness struct {
	by    neotest.Signer
	scope transaction.Signer
}

func global(by neotest.Signer) witness {
	return witness{by, transaction.Signer{Account: by.ScriptHash(), Scopes: transaction.Global}}
}

func entry(by neotest.Signer) witness {
	return witness{by, transaction.Signer{Account: by.ScriptHash(), Scopes: transaction.CalledByEntry}}
}

func none(by neotest.Signer) witness {
	return witness{by, transaction.Signer{Account: by.ScriptHash(), Scopes: transaction.None}}
}

func contracts(by neotest.Signer, allowed ...util.Uint160) witness {
	return witness{by, transaction.Signer{
		Account: by.ScriptHash(), Scopes: transaction.CustomContracts, AllowedContracts: allowed,
	}}
}

// production is how the platform's operator signs: for this contract alone, and only where the
// transaction's own script calls it.
func production(by neotest.Signer, contract util.Uint160) witness {
	byEntry, here := transaction.ConditionCalledByEntry{}, transaction.ConditionScriptHash(contract)
	return witness{by, transaction.Signer{
		Account: by.ScriptHash(),
		Scopes:  transaction.Rules,
		Rules: []transaction.WitnessRule{{
			Action:    transaction.WitnessAllow,
			Condition: &transaction.ConditionAnd{byEntry, &here},
		}},
	}}
}

// outcome is what became of a transaction.
type outcome struct {
	*fixture
	*state.AppExecResult
}

// call is a transaction in a block of its own whose script calls one method of the vault.
func (f *fixture) call(as witness, method string, args ...any) outcome {
	return f.callOf(f.vault, as, method, args...)
}

func (f *fixture) callOf(contract util.Uint160, as witness, method string, args ...any) outcome {
	script, err := smartcontract.CreateCallScript(contract, method, args...)
	require.NoError(f.t, err)
	return f.run(measured, script, as)
}

func (f *fixture) run(systemFee int64, script []byte, as witness) outcome {
	tx := transaction.New(script, 0)
	tx.Nonce = neotest.Nonce()
	tx.ValidUntilBlock = f.Chain.BlockHeight() + 1
	tx.Signers = []transaction.Signer{as.scope}
	neotest.AddNetworkFee(f.t, f.Chain, tx, as.by)
	f.AddSystemFee(tx, systemFee)
	require.NoError(f.t, as.by.SignTx(f.Chain.GetConfig().Magic, tx))
	f.AddNewBlock(f.t, tx)
	return outcome{f, f.GetTxExecResult(f.t, tx.Hash())}
}

func (f *fixture) release(as witness, id []byte, to util.Uint160, amount int64) outcome {
	return f.call(as, "release", id, to, amount)
}

func (f *fixture) pay(from neotest.Signer, to util.Uint160, amount int64, data any) outcome {
	return f.callOf(nativehashes.GasToken, entry(from), "transfer", from.ScriptHash(), to, amount, data)
}

// read calls a safe method without a transaction, at the time of the block to come.
func (f *fixture) read(method string, args ...any) any {
	stack, err := f.NewInvoker(f.vault, f.stranger).TestInvoke(f.t, method, args...)
	require.NoError(f.t, err)
	return plain(stack.Pop().Item())
}

// at makes the next block, and with it the next transaction, be of this time.
func (f *fixture) at(ms uint64) {
	if f.now()+1 == ms {
		return // A block is 1 ms after the one before it.
	}
	block := f.NewUnsignedBlock(f.t)
	block.Timestamp = ms - 1
	require.NoError(f.t, f.Chain.AddBlock(f.SignBlock(block)))
}

// now is the time of the latest block.
func (f *fixture) now() uint64 {
	return f.TopBlock(f.t).Timestamp
}

func (f *fixture) midnight() uint64 {
	return (f.now()/dayMs + 1) * dayMs
}

func (f *fixture) gasOf(account util.Uint160) int64 {
	return f.Chain.GetUtilityTokenBalance(account, util.Uint160{}).Int64()
}

// storage is all that the vault has stored.
func (f *fixture) storage() map[string]string {
	stored := map[string]string{}
	f.Chain.SeekStorage(f.Chain.GetContractState(f.vault).ID, nil, func(key, value []byte) bool {
		stored[string(bytes.Clone(key))] = string(bytes.Clone(value))
		return true
	})
	return stored
}

// keeps runs what must leave the vault as it was: storage, GAS and pause.
func (f *fixture) keeps(act func()) {
	f.t.Helper()
	before, balance := maps.Clone(f.storage()), f.gasOf(f.vault)
	act()
	require.Equal(f.t, before, f.storage())
	require.Equal(f.t, balance, f.gasOf(f.vault))
}

// deployRecipient is testdata/recipient, which does with payments what `mode` says.
func (f *fixture) deployRecipient(mode string) util.Uint160 {
	contract := neotest.CompileFile(f.t, f.Validator.ScriptHash(), "testdata/recipient", "testdata/recipient/recipient.yml")
	f.DeployContract(f.t, contract, nil)
	f.callOf(contract.Hash, entry(f.stranger), "behave", mode, f.vault).halts(nil)
	return contract.Hash
}

func (o outcome) halts(stack ...any) outcome {
	o.t.Helper()
	require.Equal(o.t, vmstate.Halt, o.VMState, o.FaultException)
	for i, value := range stack {
		require.Equal(o.t, plain(stackitem.Make(value)), plain(o.Stack[i]))
	}
	return o
}

func (o outcome) faults(exception string) {
	o.t.Helper()
	require.Equal(o.t, vmstate.Fault, o.VMState)
	require.Contains(o.t, o.FaultException, exception)
}

// raised is the vault's own events and nobody else's: their names with their values.
func (o outcome) raised(expected ...[]any) {
	o.t.Helper()
	own := [][]any{}
	for _, event := range o.Events {
		if event.ScriptHash == o.vault {
			values := plain(event.Item).([]any)
			own = append(own, append([]any{event.Name}, values...))
		}
	}
	require.Equal(o.t, expected, own)
}

func event(name string, values ...any) []any {
	all := []any{name}
	for _, value := range values {
		all = append(all, plain(stackitem.Make(value)))
	}
	return all
}

// buffer is what a ByteString must not be taken for.
type buffer string

// plain is an item as what is easy to compare and to read in a failure, type and value.
func plain(item stackitem.Item) any {
	switch value := item.Value().(type) {
	case nil:
		return nil
	case *big.Int:
		return value.Int64()
	case []byte:
		if item.Type() == stackitem.BufferT {
			return buffer(value)
		}
		return string(value)
	case []stackitem.Item:
		items := make([]any, len(value))
		for i := range value {
			items[i] = plain(value[i])
		}
		return items
	default:
		return value
	}
}

func idOf(number byte) []byte {
	return bytes.Repeat([]byte{number}, 32)
}

func account(hash util.Uint160) string {
	return string(hash.BytesBE())
}
