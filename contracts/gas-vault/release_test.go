package gasvault_test

import (
	"testing"

	"github.com/nspcc-dev/neo-go/pkg/core/native/nativehashes"
	"github.com/nspcc-dev/neo-go/pkg/io"
	"github.com/nspcc-dev/neo-go/pkg/smartcontract/callflag"
	"github.com/nspcc-dev/neo-go/pkg/util"
	"github.com/nspcc-dev/neo-go/pkg/vm/emit"
	"github.com/nspcc-dev/neo-go/pkg/vm/opcode"
	"github.com/nspcc-dev/neo-go/pkg/vm/stackitem"
	"github.com/stretchr/testify/require"
)

func TestReleasePaysAndSaysSo(t *testing.T) {
	f := newFixture(t)
	to := util.Uint160{1, 2, 3}
	require.Nil(t, f.read("released", idOf(1)))
	f.release(production(f.operator, f.vault), idOf(1), to, gasUnit).halts(nil).
		raised(event("Released", idOf(1), to, gasUnit))
	require.EqualValues(t, gasUnit, f.gasOf(to))
	require.EqualValues(t, funds-gasUnit, f.gasOf(f.vault))
	require.Equal(t, []any{account(to), int64(gasUnit)}, f.read("released", idOf(1)))
	require.EqualValues(t, gasUnit, f.read("releasedToday"))
}

func TestM13ReleaseAsksForTheWitnessOfTheOperatorHere(t *testing.T) {
	f := newFixture(t)
	to := f.user.ScriptHash()
	for name, as := range map[string]witness{
		"the owner":                           global(f.owner),
		"a stranger":                          global(f.stranger),
		"a sponsor":                           global(f.sponsor),
		"the operator, for fees alone":        none(f.operator),
		"the operator, for GAS alone":         contracts(f.operator, nativehashes.GasToken),
		"the operator, for another contract":  production(f.operator, nativehashes.GasToken),
		"the operator, for no contract's use": contracts(f.operator),
	} {
		t.Run(name, func(t *testing.T) {
			f.keeps(func() { f.release(as, idOf(1), to, gasUnit).faults(notOp) })
		})
	}
	for number, as := range []witness{
		production(f.operator, f.vault), entry(f.operator), contracts(f.operator, f.vault), global(f.operator),
	} {
		f.release(as, idOf(byte(number)), to, gasUnit).halts(nil)
	}
}

func TestM13ReleaseIsCalledByTheEntryScriptAlone(t *testing.T) {
	f := newFixture(t)
	between := f.deployRecipient("")
	args := []any{idOf(1), f.user.ScriptHash(), int64(gasUnit)}
	through := func(as witness) outcome {
		return f.callOf(between, as, "forwardNothing", f.vault, "release", args)
	}
	f.keeps(func() {
		through(production(f.operator, f.vault)).faults(notOp)
		through(entry(f.operator)).faults(notOp)
		through(contracts(f.operator, f.vault)).faults(notEntry)
		through(global(f.operator)).faults(notEntry)
	})
}

func TestM3ReleasePaysAnIdOnce(t *testing.T) {
	f := newFixture(t)
	as, to := production(f.operator, f.vault), f.user.ScriptHash()
	f.release(as, idOf(1), to, gasUnit).halts(nil)
	f.keeps(func() {
		f.release(as, idOf(1), to, gasUnit).faults("id used")
		f.release(as, idOf(1), to, gasUnit+1).faults("id used")
		f.release(as, idOf(1), f.stranger.ScriptHash(), gasUnit).faults("id used")
		f.call(as, "refill", idOf(1), f.sponsor.ScriptHash(), gasUnit).faults("id used")
	})
	f.at(f.midnight())
	f.keeps(func() { f.release(as, idOf(1), to, gasUnit).faults("id used") })
	require.Equal(t, []any{account(to), int64(gasUnit)}, f.read("released", idOf(1)))
}

func TestReleaseTakesIdsOf32Bytes(t *testing.T) {
	f := newFixture(t)
	as, to := production(f.operator, f.vault), f.user.ScriptHash()
	f.keeps(func() {
		for _, id := range [][]byte{{}, idOf(1)[:31], append(idOf(1), 1)} {
			f.release(as, id, to, gasUnit).faults("an id has 32 bytes")
		}
		f.call(as, "release", nil, to, gasUnit).faults("an id has 32 bytes")
		f.call(as, "release", []any{}, to, gasUnit).faults("")
	})
}

func TestM15ReleaseHoldsToTheCapOfTheDay(t *testing.T) {
	f := newFixture(t)
	as, to := production(f.operator, f.vault), f.user.ScriptHash()
	f.at(f.midnight())
	f.keeps(func() { f.release(as, idOf(1), to, releaseCap+1).faults("above the cap of the day") })
	f.release(as, idOf(1), to, releaseCap-1).halts(nil)
	f.keeps(func() { f.release(as, idOf(2), to, 2).faults("above the cap of the day") })
	f.release(as, idOf(2), to, 1).halts(nil)
	f.keeps(func() { f.release(as, idOf(3), to, 1).faults("above the cap of the day") })
	require.EqualValues(t, releaseCap, f.read("releasedToday"))

	tomorrow := f.midnight()
	f.at(tomorrow - 1)
	f.keeps(func() { f.release(as, idOf(3), to, 1).faults("above the cap of the day") })
	f.at(tomorrow)
	f.release(as, idOf(3), to, releaseCap).halts(nil)
	require.EqualValues(t, tomorrow, f.now())
	require.EqualValues(t, releaseCap, f.read("releasedToday"))

	f.at(tomorrow + 2*dayMs)
	require.EqualValues(t, 0, f.read("releasedToday"))
}

func TestReleaseRefusesAmounts(t *testing.T) {
	f := newFixture(t)
	as, to := production(f.operator, f.vault), f.user.ScriptHash()
	f.keeps(func() {
		f.release(as, idOf(1), to, 0).faults("at least 1 datoshi")
		f.release(as, idOf(1), to, -1).faults("at least 1 datoshi")
		f.call(as, "release", idOf(1), to, nil).faults("")
		f.call(as, "release", idOf(1), to, []any{}).faults("")
	})
}

func TestReleaseOfMoreThanThereIsBooksNothing(t *testing.T) {
	f := newFixture(t)
	as, to := production(f.operator, f.vault), f.user.ScriptHash()
	for day := range byte(4) {
		f.at(f.midnight())
		f.release(as, idOf(day), to, releaseCap).halts(nil)
	}
	f.at(f.midnight())
	f.release(as, idOf(4), to, releaseCap-1).halts(nil)
	f.at(f.midnight())
	f.keeps(func() { f.release(as, idOf(5), to, 2).faults("the vault has not enough GAS") })
	require.Nil(t, f.read("released", idOf(5)))
	f.release(as, idOf(5), to, 1).halts(nil)
	require.EqualValues(t, 0, f.gasOf(f.vault))
}

func TestReleaseRefusesRecipientsThatWouldKeepIt(t *testing.T) {
	f := newFixture(t)
	as := production(f.operator, f.vault)
	f.keeps(func() {
		f.release(as, idOf(1), f.vault, gasUnit).faults("not the vault itself")
		f.release(as, idOf(1), util.Uint160{}, gasUnit).faults("not a native contract or the zero account")
		f.call(as, "release", idOf(1), []byte{1, 2, 3}, gasUnit).faults("an account has 20 bytes")
		f.call(as, "release", idOf(1), nil, gasUnit).faults("an account has 20 bytes")
	})
	natives := f.Chain.GetNatives()
	require.GreaterOrEqual(t, len(natives), 11)
	for _, native := range natives {
		t.Run(native.Manifest.Name, func(t *testing.T) {
			f.keeps(func() { f.release(as, idOf(1), native.Hash, gasUnit).faults("not a native contract") })
		})
	}
}

// EQUAL finds a Buffer unlike a ByteString of the same bytes, so a check that forgets it is passed
// by an account that is pushed as a Buffer.
func TestReleaseIsNotFooledByBuffers(t *testing.T) {
	f := newFixture(t)
	as := production(f.operator, f.vault)
	releaseTo := func(id []byte, to util.Uint160) outcome {
		script := io.NewBufBinWriter()
		emit.Int(script.BinWriter, gasUnit)
		for _, value := range [][]byte{to.BytesBE(), id} {
			emit.Bytes(script.BinWriter, value)
			emit.Instruction(script.BinWriter, opcode.CONVERT, []byte{byte(stackitem.BufferT)})
		}
		emit.Int(script.BinWriter, 3)
		emit.Opcodes(script.BinWriter, opcode.PACK)
		emit.AppCallNoArgs(script.BinWriter, f.vault, "release", callflag.All)
		require.NoError(t, script.Err)
		return f.run(measured, script.Bytes(), as)
	}
	f.keeps(func() {
		releaseTo(idOf(1), f.vault).faults("not the vault itself")
		releaseTo(idOf(1), nativehashes.GasToken).faults("not a native contract")
	})
	user := f.user.ScriptHash()
	releaseTo(idOf(1), user).halts(nil).raised(event("Released", idOf(1), user, gasUnit))
	f.keeps(func() { f.release(as, idOf(1), user, gasUnit).faults("id used") })
}

func TestM15RefillPaysListedSponsorsUnderItsOwnCap(t *testing.T) {
	f := newFixture(t)
	as, sponsor := production(f.operator, f.vault), f.sponsor.ScriptHash()
	f.at(f.midnight())
	f.keeps(func() {
		f.call(as, "refill", idOf(1), f.user.ScriptHash(), 1).faults("not a listed sponsor wallet")
		f.call(as, "refill", idOf(1), sponsor, refillCap+1).faults("above the cap of the day")
		f.call(as, "refill", idOf(1), sponsor, 0).faults("at least 1 datoshi")
		f.call(global(f.owner), "refill", idOf(1), sponsor, 1).faults(notOp)
		f.call(global(f.sponsor), "refill", idOf(1), sponsor, 1).faults(notOp)
	})
	f.call(as, "refill", idOf(1), sponsor, refillCap).halts(nil).
		raised(event("Refilled", idOf(1), sponsor, refillCap))
	f.keeps(func() { f.call(as, "refill", idOf(2), sponsor, 1).faults("above the cap of the day") })
	require.EqualValues(t, refillCap, f.read("refilledToday"))
	require.EqualValues(t, 0, f.read("releasedToday"))
	f.release(as, idOf(2), f.user.ScriptHash(), releaseCap).halts(nil)
	f.at(f.midnight())
	f.call(as, "refill", idOf(3), sponsor, refillCap).halts(nil)
	require.Equal(t, []any{account(sponsor), int64(refillCap)}, f.read("released", idOf(3)))

	f.call(entry(f.operator), "pause").halts(nil)
	f.keeps(func() { f.call(as, "refill", idOf(4), sponsor, 1).faults("paused") })
}

func TestM13RefillIsCalledByTheEntryScriptAlone(t *testing.T) {
	f := newFixture(t)
	between := f.deployRecipient("")
	args := []any{idOf(1), f.sponsor.ScriptHash(), int64(1)}
	f.keeps(func() {
		f.callOf(between, global(f.operator), "forwardNothing", f.vault, "refill", args).faults(notEntry)
	})
}
