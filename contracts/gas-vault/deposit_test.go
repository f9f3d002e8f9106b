package gasvault_test

import (
	"strings"
	"testing"

	"github.com/nspcc-dev/neo-go/pkg/core/native/nativehashes"
	"github.com/nspcc-dev/neo-go/pkg/util"
	"github.com/stretchr/testify/require"
)

func TestDepositRefusesWhatIsNotGas(t *testing.T) {
	f := newFixture(t)
	token := f.deployRecipient("")
	user := f.user.ScriptHash()

	t.Run("NEO", func(t *testing.T) {
		f.keeps(func() {
			from := f.Validator.ScriptHash()
			f.callOf(nativehashes.NeoToken, entry(f.Validator), "transfer", from, f.vault, 1, nil).
				faults("only GAS is taken")
		})
	})
	t.Run("a token that only says it was paid", func(t *testing.T) {
		payment := []any{user, int64(gasUnit), nil}
		f.callOf(token, global(f.user), "forwardNothing", f.vault, "onNEP17Payment", payment).
			faults("only GAS is taken")
	})
	t.Run("a script that calls the method by itself", func(t *testing.T) {
		f.call(global(f.user), "onNEP17Payment", user, int64(gasUnit), nil).faults("only GAS is taken")
	})
	t.Run("the name of the vault as the payer", func(t *testing.T) {
		f.call(global(f.user), "onNEP17Payment", f.vault, int64(gasUnit), nil).faults("only GAS is taken")
	})
}

func TestDepositSaysWhoPaidWhatForWhom(t *testing.T) {
	f := newFixture(t)
	user := f.user.ScriptHash()
	for name, data := range map[string]any{
		"no data":                      nil,
		"an id that nobody knows":      []byte("account_nobody"),
		"empty data":                   []byte{},
		"64 bytes, the most":           []byte(strings.Repeat("a", 64)),
		"bytes that are no UTF-8 text": []byte{0xff, 0x00, 0xfe},
	} {
		t.Run(name, func(t *testing.T) {
			f.pay(f.user, f.vault, minimum, data).halts(true).
				raised(event("Deposit", user, minimum, data))
		})
	}
}

func TestDepositRefusesOtherData(t *testing.T) {
	f := newFixture(t)
	for name, data := range map[string]any{
		"65 bytes":           []byte(strings.Repeat("a", 65)),
		"an Integer":         int64(1),
		"a negative Integer": int64(-1),
		"a Boolean":          true,
		"an Array":           []any{[]byte("account")},
		"an empty Array":     []any{},
	} {
		t.Run(name, func(t *testing.T) {
			f.keeps(func() { f.pay(f.user, f.vault, minimum, data).faults("") })
		})
	}
	t.Run("a Buffer", func(t *testing.T) {
		payer := f.deployRecipient("")
		f.pay(f.user, payer, gasUnit, nil).halts(true)
		f.keeps(func() {
			f.callOf(payer, entry(f.user), "payWithBuffer", f.vault, minimum, 8).
				faults("data is a ByteString or null")
		})
	})
}

func TestDepositHoldsToTheMinimum(t *testing.T) {
	f := newFixture(t)
	f.keeps(func() {
		f.pay(f.user, f.vault, minimum-1, nil).faults("below the minimum deposit")
		f.pay(f.user, f.vault, 0, nil).faults("below the minimum deposit")
	})
	f.pay(f.user, f.vault, minimum, nil).halts(true)
	require.EqualValues(t, funds+minimum, f.gasOf(f.vault))
}

func TestM15DepositIsTakenWhilePaused(t *testing.T) {
	f := newFixture(t)
	f.call(entry(f.owner), "pause").halts()
	f.pay(f.user, f.vault, minimum, []byte("account")).halts(true).
		raised(event("Deposit", f.user.ScriptHash(), minimum, "account"))
	f.keeps(func() {
		f.release(production(f.operator, f.vault), idOf(1), f.user.ScriptHash(), 1).faults("paused")
	})
}

func TestDepositThatIsUndoneLeavesNoEvent(t *testing.T) {
	f := newFixture(t)
	payer := f.deployRecipient("")
	f.pay(f.user, payer, gasUnit, nil).halts(true)
	f.keeps(func() {
		f.callOf(payer, entry(f.user), "payAndUndo", f.vault, minimum).halts().raised([][]any{}...)
	})
}

func TestM15DeployRefusesTermsThatWouldHarm(t *testing.T) {
	f := newChain(t)
	contract := artifact(t, f.Validator.ScriptHash())
	owner, sponsor := f.owner.ScriptHash(), f.sponsor.ScriptHash()
	with := func(place int, value any) []any {
		terms := f.terms()
		terms[place] = value
		return terms
	}
	for name, row := range map[string]struct {
		data      any
		exception string
	}{
		"none":                        {nil, "six terms"},
		"five":                        {f.terms()[:5], "six terms"},
		"one account for both":        {with(1, owner), "the owner is not the operator"},
		"the vault as owner":          {with(0, contract.Hash), "not the vault itself"},
		"the vault as operator":       {with(1, contract.Hash), "not the vault itself"},
		"the zero account as owner":   {with(0, util.Uint160{}), "not a native contract or the zero"},
		"a short owner":               {with(0, owner.BytesBE()[:19]), "an account has 20 bytes"},
		"no owner":                    {with(0, nil), "an account has 20 bytes"},
		"no minimum":                  {with(2, 0), "the minimum deposit is at least"},
		"a negative cap":              {with(3, -1), "a cap is not negative"},
		"a negative refill cap":       {with(4, -1), "a cap is not negative"},
		"a native contract sponsored": {with(5, []any{nativehashes.Notary}), "not a native contract"},
		"17 sponsor wallets":          {with(5, accounts(17)), "at most 16 sponsor wallets"},
	} {
		t.Run(name, func(t *testing.T) { f.DeployContractCheckFAULT(t, contract, row.data, row.exception) })
	}
	deployment := f.DeployContract(t, contract, f.terms())
	f.vault = contract.Hash
	operator := f.operator.ScriptHash()
	outcome{f, f.GetTxExecResult(t, deployment)}.raised(
		event("OwnerChanged", nil, owner),
		event("OperatorChanged", nil, operator),
		event("ReleaseCapChanged", 0, releaseCap),
		event("RefillCapChanged", 0, refillCap),
		event("SponsorAdded", sponsor),
	)
	for method, value := range map[string]any{
		"owner":          account(owner),
		"operator":       account(operator),
		"minimumDeposit": int64(minimum),
		"releaseCap":     int64(releaseCap),
		"refillCap":      int64(refillCap),
		"releasedToday":  int64(0),
		"refilledToday":  int64(0),
		"isPaused":       false,
		"sponsors":       []any{account(sponsor)},
	} {
		require.Equal(t, value, f.read(method), method)
	}
}

func TestManifestAllowsNoMoreThanIsUsed(t *testing.T) {
	contract := artifact(t, util.Uint160{1})
	require.Equal(t, []string{"NEP-27"}, contract.Manifest.SupportedStandards)
	allowed := map[util.Uint160][]string{}
	for _, permission := range contract.Manifest.Permissions {
		allowed[permission.Contract.Hash()] = permission.Methods.Value
	}
	require.Equal(t, map[util.Uint160][]string{
		nativehashes.GasToken:           {"transfer"},
		nativehashes.ContractManagement: {"update"},
		nativehashes.CryptoLib:          {"sha256"},
		nativehashes.StdLib:             {"serialize", "deserialize"},
	}, allowed)
	require.Empty(t, contract.Manifest.Trusts.Value)
	require.Empty(t, contract.Manifest.Groups)
}

// accounts are that many, all different.
func accounts(count int) []any {
	all := make([]any, count)
	for i := range all {
		all[i] = util.Uint160{1, byte(i)}
	}
	return all
}
