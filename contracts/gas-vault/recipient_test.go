package gasvault_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nspcc-dev/neo-go/pkg/neotest"
	"github.com/nspcc-dev/neo-go/pkg/smartcontract"
	"github.com/nspcc-dev/neo-go/pkg/util"
	"github.com/stretchr/testify/require"
)

// M13: a recipient calls back in with an id of its own. Seen to pay ten times what was due where an
// operator signed with CustomContracts and the contract had no door against it.
func TestM13ReentryWithAFreshIdGetsNothing(t *testing.T) {
	for _, mode := range []string{"release", "refill", "release, caught"} {
		t.Run(mode, func(t *testing.T) {
			f := newFixture(t)
			recipient := f.deployRecipient(mode)
			for name, as := range map[string]witness{
				"the production signer":   production(f.operator, f.vault),
				"scope Global":            global(f.operator),
				"scope CustomContracts":   contracts(f.operator, f.vault),
				"scope CalledByEntry":     entry(f.operator),
				"scope for the recipient": contracts(f.operator, f.vault, recipient),
			} {
				t.Run(name, func(t *testing.T) {
					f.keeps(func() {
						f.release(as, idOf(1), recipient, gasUnit).faults("locked: a payment is being made")
					})
				})
			}
		})
	}
}

// The attack is real, and each door against it holds alone: shown on the same sources without the
// other doors.
func TestM13ReentryIsStoppedByEachDoorAlone(t *testing.T) {
	const (
		lock    = `get(keyLock) == nil`
		witness = `runtime.CheckWitness(loadAccount(key))`
		byEntry = `calling.Equals(runtime.GetEntryScriptHash())`
	)
	t.Run("the lock", func(t *testing.T) {
		f, recipient := newUnguarded(t, witness, byEntry)
		f.release(global(f.operator), idOf(1), recipient, gasUnit).faults("locked")
	})
	t.Run("the witness, under the production signer", func(t *testing.T) {
		f, recipient := newUnguarded(t, lock, byEntry)
		f.release(production(f.operator, f.vault), idOf(1), recipient, gasUnit).faults(notOp)
	})
	t.Run("the call by the entry script", func(t *testing.T) {
		f, recipient := newUnguarded(t, lock, witness)
		f.release(global(f.operator), idOf(1), recipient, gasUnit).faults(notEntry)
	})
	t.Run("none: the recipient gets twice its due", func(t *testing.T) {
		f, recipient := newUnguarded(t, lock, witness, byEntry)
		f.release(global(f.operator), idOf(1), recipient, gasUnit).halts(nil)
		require.EqualValues(t, 2*gasUnit, f.gasOf(recipient))
	})
	t.Run("none: id and cap are booked before GAS moves", func(t *testing.T) {
		f, recipient := newUnguarded(t, lock, witness, byEntry)
		fresh := []byte("fresh-fresh-fresh-fresh-fresh-32")
		f.release(global(f.operator), fresh, recipient, gasUnit).faults("id used")
		f.release(global(f.operator), idOf(1), recipient, releaseCap).faults("above the cap of the day")
	})
}

// No release goes to the vault; a payment by it to itself would be counted as a deposit of money
// that was there before. Shown without the check of the recipient.
func TestM15VaultTakesNothingFromItself(t *testing.T) {
	f, _ := newUnguarded(t, `!account.Equals(runtime.GetExecutingScriptHash())`)
	f.release(global(f.operator), idOf(1), f.vault, gasUnit).faults("the vault does not pay itself")
}

// newUnguarded has a vault that asserts none of the conditions, and a recipient that calls back in.
func newUnguarded(t *testing.T, conditions ...string) (f *fixture, recipient util.Uint160) {
	folder := t.TempDir()
	sources := ""
	for _, path := range []string{"gas-vault.go", "governance.go", "state.go", "../go.mod", "../go.sum"} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		source := string(text)
		for _, condition := range conditions {
			source = strings.Replace(source, "AssertMsg("+condition, "AssertMsg(true || "+condition, 1)
		}
		sources += source
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.Base(path)), []byte(source), 0o600))
	}
	require.Equal(t, len(conditions), strings.Count(sources, "AssertMsg(true || "))
	f = newChain(t)
	f.deployVault(neotest.CompileFile(t, f.Validator.ScriptHash(), folder, "gas-vault.yml"))
	return f, f.deployRecipient("release")
}

func TestRecipientThatRefusesLeavesNothing(t *testing.T) {
	for _, mode := range []string{"abort", "panic"} {
		t.Run(mode, func(t *testing.T) {
			f := newFixture(t)
			as := production(f.operator, f.vault)
			recipient := f.deployRecipient(mode)
			f.keeps(func() { f.release(as, idOf(1), recipient, gasUnit).faults("") })
			require.Nil(t, f.read("released", idOf(1)))
			// The id was never used, so the platform can pay it elsewhere.
			f.release(as, idOf(1), f.user.ScriptHash(), gasUnit).halts(nil)
		})
	}
}

func TestRecipientWithoutAMethodForPaymentsIsNotPaid(t *testing.T) {
	f := newFixture(t)
	recipient := f.deploySuccessor()
	f.keeps(func() {
		f.release(production(f.operator, f.vault), idOf(1), recipient, gasUnit).faults("onNEP17Payment")
	})
}

// M14: whoever is paid sets what the payment costs. The fee that was quoted bounds it.
func TestM14RecipientThatBurnsGasCostsNoMoreThanTheQuote(t *testing.T) {
	f := newFixture(t)
	recipient := f.deployRecipient("burn")
	script, err := smartcontract.CreateCallScript(f.vault, "release", idOf(1), recipient, int64(gasUnit))
	require.NoError(t, err)
	const quote = gasUnit / 2
	before := f.gasOf(f.operator.ScriptHash())
	f.keeps(func() { f.run(quote, script, production(f.operator, f.vault)).faults("") })
	require.Less(t, before-f.gasOf(f.operator.ScriptHash()), int64(quote+gasUnit/10))
	require.Nil(t, f.read("released", idOf(1)))
}

func TestRecipientThatPaysBackIsADepositLikeAnother(t *testing.T) {
	f := newFixture(t)
	recipient := f.deployRecipient("pay back")
	f.release(production(f.operator, f.vault), idOf(1), recipient, gasUnit).halts(nil).raised(
		event("Deposit", recipient, gasUnit, nil),
		event("Released", idOf(1), recipient, gasUnit),
	)
	require.EqualValues(t, funds, f.gasOf(f.vault))
	require.EqualValues(t, gasUnit, f.read("releasedToday"))
}

func TestRecipientThatIsAContractIsPaid(t *testing.T) {
	f := newFixture(t)
	recipient := f.deployRecipient("")
	f.release(production(f.operator, f.vault), idOf(1), recipient, gasUnit).halts(nil)
	require.EqualValues(t, gasUnit, f.gasOf(recipient))
}
