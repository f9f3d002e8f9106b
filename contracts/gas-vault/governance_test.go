package gasvault_test

import (
	"crypto/sha256"
	"encoding/json"
	"testing"

	"github.com/nspcc-dev/neo-go/pkg/core/native/nativehashes"
	"github.com/nspcc-dev/neo-go/pkg/neotest"
	"github.com/nspcc-dev/neo-go/pkg/util"
	"github.com/stretchr/testify/require"
)

// proposal is one thing that takes a day.
type proposal struct {
	kind    string
	propose string
	value   any
	act     string
	actWith []any
	actor   witness
	refusal string
	raises  [][]any
	// What the act changes, as a safe method tells it.
	reads string
	gives any
}

func (f *fixture) proposals() []proposal {
	heir, wallet := f.stranger, util.Uint160{7}
	nef, manifest := f.successor()
	code := hashOfCode(nef, manifest)
	owner := global(f.owner)
	return []proposal{
		{
			kind: "releaseCap", propose: "proposeReleaseCap", value: int64(releaseCap + 1),
			act: "raiseReleaseCap", actor: owner, refusal: notOwner,
			raises: [][]any{event("ReleaseCapChanged", releaseCap, releaseCap+1)},
			reads:  "releaseCap", gives: int64(releaseCap + 1),
		},
		{
			kind: "refillCap", propose: "proposeRefillCap", value: int64(refillCap + 1),
			act: "raiseRefillCap", actor: owner, refusal: notOwner,
			raises: [][]any{event("RefillCapChanged", refillCap, refillCap+1)},
			reads:  "refillCap", gives: int64(refillCap + 1),
		},
		{
			kind: "owner", propose: "proposeOwner", value: heir.ScriptHash(),
			act: "acceptOwner", actor: entry(heir), refusal: "no witness of the proposed owner",
			raises: [][]any{event("OwnerChanged", f.owner.ScriptHash(), heir.ScriptHash())},
			reads:  "owner", gives: account(heir.ScriptHash()),
		},
		{
			kind: "sponsors", propose: "proposeSponsors", value: []any{wallet},
			act: "addSponsors", actor: owner, refusal: notOwner,
			raises: [][]any{event("SponsorAdded", wallet)},
			reads:  "sponsors", gives: nil,
		},
		{
			kind: "update", propose: "proposeUpdate", value: code,
			act: "update", actWith: []any{nef, manifest}, actor: owner, refusal: notOwner,
			raises: [][]any{event("Updated", code)},
			reads:  "version", gives: int64(2),
		},
	}
}

func (f *fixture) successor() (nef []byte, manifest []byte) {
	contract := neotest.CompileFile(f.t, f.Validator.ScriptHash(), "testdata/successor", "testdata/successor/successor.yml")
	nef, err := contract.NEF.Bytes()
	require.NoError(f.t, err)
	manifest, err = json.Marshal(contract.Manifest)
	require.NoError(f.t, err)
	return nef, manifest
}

func (f *fixture) deploySuccessor() util.Uint160 {
	contract := neotest.CompileFile(f.t, f.Validator.ScriptHash(), "testdata/successor", "testdata/successor/successor.yml")
	f.DeployContract(f.t, contract, nil)
	return contract.Hash
}

// hashOfCode is what the owner computes of the files in hand.
func hashOfCode(nef []byte, manifest []byte) []byte {
	ofNef, ofManifest := sha256.Sum256(nef), sha256.Sum256(manifest)
	hash := sha256.Sum256(append(ofNef[:], ofManifest[:]...))
	return hash[:]
}

// eachProposal checks every kind on a vault of its own, whose owner has just proposed it.
func eachProposal(t *testing.T, check func(f *fixture, p proposal, proposedAt uint64)) {
	for _, named := range newChain(t).proposals() {
		t.Run(named.kind, func(t *testing.T) {
			f := newFixture(t)
			for _, p := range f.proposals() {
				if p.kind == named.kind {
					f.call(entry(f.owner), p.propose, p.value).halts(nil)
					check(f, p, f.now())
				}
			}
		})
	}
}

func (p proposal) do(f *fixture) outcome {
	return f.call(p.actor, p.act, p.actWith...)
}

func TestM15GovernanceWaitsADay(t *testing.T) {
	eachProposal(t, func(f *fixture, p proposal, proposedAt uint64) {
		f.keeps(func() { p.do(f).faults("too early") })
		f.at(proposedAt + 24*hourMs - 1)
		f.keeps(func() { p.do(f).faults("too early") })
		f.at(proposedAt + 24*hourMs)
		p.do(f).halts(nil).raised(p.raises...)
		require.EqualValues(f.t, proposedAt+24*hourMs, f.now())
		if p.gives != nil {
			require.Equal(f.t, p.gives, f.read(p.reads))
		}
	})
}

func TestM15GovernanceLapsesAfterSevenDays(t *testing.T) {
	eachProposal(t, func(f *fixture, p proposal, proposedAt uint64) {
		f.at(proposedAt + 7*dayMs)
		f.keeps(func() { p.do(f).faults("the proposal has lapsed") })
	})
	eachProposal(t, func(f *fixture, p proposal, proposedAt uint64) {
		f.at(proposedAt + 7*dayMs - 1)
		p.do(f).halts(nil)
	})
}

func TestM15GovernanceStartsTheClockAgainWhenProposedAgain(t *testing.T) {
	eachProposal(t, func(f *fixture, p proposal, proposedAt uint64) {
		f.at(proposedAt + 23*hourMs)
		f.call(entry(f.owner), p.propose, p.value).halts(nil)
		again := f.now()
		f.at(proposedAt + 24*hourMs)
		f.keeps(func() { p.do(f).faults("too early") })
		f.at(again + 24*hourMs)
		p.do(f).halts(nil)
	})
}

func TestM15GovernanceActsOncePerProposal(t *testing.T) {
	eachProposal(t, func(f *fixture, p proposal, proposedAt uint64) {
		if p.kind == "update" {
			return // The code that could be asked again is gone.
		}
		f.at(proposedAt + 24*hourMs)
		p.do(f).halts(nil)
		require.Nil(f.t, f.read("proposal", p.kind))
		if p.kind != "owner" {
			f.keeps(func() { p.do(f).faults("no such proposal") })
		}
	})
}

func TestM15GovernanceSaysWhatIsProposedAndWhatIsCancelled(t *testing.T) {
	eachProposal(t, func(f *fixture, p proposal, _ uint64) {
		proposed := f.call(entry(f.owner), p.propose, p.value).halts(nil)
		readyAt, lapsesAt := int64(f.now()+dayMs), int64(f.now()+7*dayMs)
		proposed.raised(event("Proposed", p.kind, p.value, readyAt, lapsesAt))
		told := event("", p.value, readyAt, lapsesAt)[1:]
		require.Equal(f.t, told, f.read("proposal", p.kind))

		f.keeps(func() {
			f.call(global(f.operator), "cancelProposal", p.kind).faults(notOwner)
			f.call(global(f.stranger), "cancelProposal", p.kind).faults(notOwner)
		})
		f.call(entry(f.owner), "cancelProposal", p.kind).halts(nil).
			raised(event("ProposalCancelled", p.kind, p.value))
		f.at(f.now() + dayMs)
		f.keeps(func() {
			p.do(f).faults("no such proposal")
			f.call(entry(f.owner), "cancelProposal", p.kind).faults("no such proposal")
		})
	})
}

func TestM15GovernanceIsOfTheRightAccount(t *testing.T) {
	eachProposal(t, func(f *fixture, p proposal, proposedAt uint64) {
		wrong := []witness{global(f.operator), global(f.user), global(f.sponsor), none(f.owner)}
		between := f.deployRecipient("")
		f.keeps(func() {
			for _, as := range wrong {
				f.call(as, p.propose, p.value).faults(notOwner)
			}
			args := []any{p.value}
			f.callOf(between, global(f.owner), "forwardNothing", f.vault, p.propose, args).faults(notEntry)
		})
		f.at(proposedAt + 24*hourMs)
		f.keeps(func() {
			for _, as := range wrong {
				f.call(as, p.act, p.actWith...).faults(p.refusal)
			}
			args := append([]any{}, p.actWith...)
			as := global(p.actor.by)
			f.callOf(between, as, "forwardNothing", f.vault, p.act, args).faults(notEntry)
		})
	})
}

func TestM15OwnerChangesOnlyWhenTheNewOneAccepts(t *testing.T) {
	f := newFixture(t)
	owner := f.owner.ScriptHash()
	f.call(entry(f.owner), "proposeOwner", f.stranger.ScriptHash()).halts(nil)
	f.at(f.now() + dayMs)
	f.keeps(func() { f.call(global(f.owner), "acceptOwner").faults("no witness of the proposed owner") })
	f.at(f.now() + 7*dayMs)
	f.keeps(func() { f.call(entry(f.stranger), "acceptOwner").faults("the proposal has lapsed") })
	require.Equal(t, account(owner), f.read("owner"))
	f.call(entry(f.owner), "pause").halts(nil)
}

func TestM15OwnerIsNeverTheOperator(t *testing.T) {
	f := newFixture(t)
	owner, operator, heir := f.owner.ScriptHash(), f.operator.ScriptHash(), f.stranger.ScriptHash()
	f.keeps(func() {
		f.call(entry(f.owner), "proposeOwner", operator).faults("the owner is not the operator")
		f.call(entry(f.owner), "setOperator", owner).faults("the owner is not the operator")
	})
	// By way of an account that becomes the operator while its proposal waits.
	f.call(entry(f.owner), "proposeOwner", heir).halts(nil)
	f.call(entry(f.owner), "setOperator", heir).halts(nil)
	f.at(f.now() + dayMs)
	f.keeps(func() { f.call(entry(f.stranger), "acceptOwner").faults("the owner is not the operator") })
}

func TestM15OwnerThatWasHasNoPowerLeft(t *testing.T) {
	f := newFixture(t)
	f.call(entry(f.owner), "proposeOwner", f.stranger.ScriptHash()).halts(nil)
	f.at(f.now() + dayMs)
	f.call(entry(f.stranger), "acceptOwner").halts(nil)
	f.keeps(func() {
		f.call(entry(f.owner), "lowerReleaseCap", 0).faults(notOwner)
		f.call(entry(f.owner), "pause").faults("no witness of the owner or the operator")
	})
	f.call(entry(f.stranger), "lowerReleaseCap", 0).halts(nil)
}

func TestM15UpdateTakesTheCodeThatWasProposedAndNoOther(t *testing.T) {
	f := newFixture(t)
	nef, manifest := f.successor()
	f.call(entry(f.owner), "proposeUpdate", hashOfCode(nef, manifest)).halts(nil)
	f.at(f.now() + dayMs)
	otherManifest := append([]byte{' '}, manifest...)
	otherNef := append([]byte{}, nef...)
	otherNef[len(otherNef)-1] ^= 1
	const refusal = "not the code that was proposed"
	f.keeps(func() {
		f.call(entry(f.owner), "update", otherNef, manifest).faults(refusal)
		f.call(entry(f.owner), "update", nef, otherManifest).faults(refusal)
		f.call(entry(f.owner), "update", append(nef, manifest[0]), manifest[1:]).faults(refusal)
		f.call(entry(f.owner), "update", nef, nil).faults("")
		f.call(entry(f.owner), "proposeUpdate", []byte{1, 2, 3}).faults("a hash has 32 bytes")
	})
	f.call(entry(f.owner), "update", nef, manifest).halts(nil)
	require.EqualValues(t, 2, f.read("version"))
	require.Equal(t, buffer(account(f.owner.ScriptHash())), f.read("owner"))
	require.EqualValues(t, funds, f.gasOf(f.vault))
}

func TestM15OperatorIsReplacedAtOnceByTheOwner(t *testing.T) {
	f := newFixture(t)
	before, after, to := f.operator.ScriptHash(), f.stranger.ScriptHash(), f.user.ScriptHash()
	f.keeps(func() {
		f.call(global(f.operator), "setOperator", after).faults(notOwner)
		f.call(global(f.stranger), "setOperator", after).faults(notOwner)
		f.call(entry(f.owner), "setOperator", f.vault).faults("not the vault itself")
		f.call(entry(f.owner), "setOperator", nativehashes.OracleContract).faults("not a native contract")
	})
	f.call(entry(f.owner), "setOperator", after).halts(nil).
		raised(event("OperatorChanged", before, after))
	require.Equal(t, account(after), f.read("operator"))
	f.keeps(func() { f.release(production(f.operator, f.vault), idOf(1), to, 1).faults(notOp) })
	f.release(production(f.stranger, f.vault), idOf(1), to, 1).halts(nil)
}

func TestM15CapsAreLoweredAtOnceByTheOwner(t *testing.T) {
	for name, row := range map[string]struct {
		lower, event, reads string
		cap                 int64
	}{
		"release": {"lowerReleaseCap", "ReleaseCapChanged", "releaseCap", releaseCap},
		"refill":  {"lowerRefillCap", "RefillCapChanged", "refillCap", refillCap},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.keeps(func() {
				f.call(global(f.operator), row.lower, row.cap-1).faults(notOwner)
				f.call(entry(f.owner), row.lower, row.cap).faults("not below the cap")
				f.call(entry(f.owner), row.lower, row.cap+1).faults("not below the cap")
				f.call(entry(f.owner), row.lower, -1).faults("a cap is not negative")
			})
			f.call(entry(f.owner), row.lower, row.cap-1).halts(nil).
				raised(event(row.event, row.cap, row.cap-1))
			require.Equal(t, row.cap-1, f.read(row.reads))
		})
	}
}

func TestM15CapThatIsLoweredCountsForWhatWasPaidToday(t *testing.T) {
	f := newFixture(t)
	as, to := production(f.operator, f.vault), f.user.ScriptHash()
	f.at(f.midnight())
	f.release(as, idOf(1), to, 2*gasUnit).halts(nil)
	f.call(entry(f.owner), "lowerReleaseCap", gasUnit).halts(nil)
	f.keeps(func() { f.release(as, idOf(2), to, 1).faults("above the cap of the day") })
	f.at(f.midnight())
	f.release(as, idOf(2), to, gasUnit).halts(nil)
}

func TestM15CapIsNotRaisedByAProposalBelowIt(t *testing.T) {
	f := newFixture(t)
	f.keeps(func() {
		f.call(entry(f.owner), "proposeReleaseCap", releaseCap).faults("not above the cap")
		f.call(entry(f.owner), "proposeRefillCap", refillCap-1).faults("not above the cap")
	})
}

func TestM15PauseIsOfOwnerAndOperatorAndEndsByTheOwner(t *testing.T) {
	f := newFixture(t)
	between := f.deployRecipient("")
	owner, operator := f.owner.ScriptHash(), f.operator.ScriptHash()
	f.keeps(func() {
		f.call(global(f.stranger), "pause").faults("no witness of the owner or the operator")
		f.call(entry(f.owner), "unpause").faults("not paused")
		f.callOf(between, global(f.operator), "forwardNothing", f.vault, "pause", []any{}).faults(notEntry)
	})
	f.call(production(f.operator, f.vault), "pause").halts(nil).raised(event("Paused", operator))
	require.Equal(t, true, f.read("isPaused"))
	f.keeps(func() {
		f.call(entry(f.owner), "pause").faults("paused already")
		f.call(global(f.operator), "unpause").faults(notOwner)
	})
	f.call(entry(f.owner), "unpause").halts(nil).raised(event("Unpaused", owner))
	require.Equal(t, false, f.read("isPaused"))
	f.call(entry(f.owner), "pause").halts(nil).raised(event("Paused", owner))
}

func TestM15SponsorsAreTakenOffAtOnceAndAddedAfterADay(t *testing.T) {
	f := newFixture(t)
	sponsor := f.sponsor.ScriptHash()
	as := production(f.operator, f.vault)
	f.keeps(func() {
		f.call(global(f.operator), "removeSponsor", sponsor).faults(notOwner)
		f.call(entry(f.owner), "removeSponsor", f.user.ScriptHash()).faults("not a listed sponsor wallet")
		f.call(entry(f.owner), "proposeSponsors", []any{}).faults("at least one sponsor wallet")
		f.call(entry(f.owner), "proposeSponsors", []any{f.vault}).faults("not the vault itself")
		f.call(entry(f.owner), "proposeSponsors", accounts(17)).faults("at most 16 sponsor wallets")
	})
	f.call(entry(f.owner), "removeSponsor", sponsor).halts(nil).raised(event("SponsorRemoved", sponsor))
	require.Equal(t, []any{}, f.read("sponsors"))
	f.keeps(func() { f.call(as, "refill", idOf(1), sponsor, 1).faults("not a listed sponsor wallet") })

	f.call(entry(f.owner), "proposeSponsors", accounts(16)).halts(nil)
	f.keeps(func() {
		f.call(as, "refill", idOf(1), util.Uint160{1, 0}, 1).faults("not a listed sponsor wallet")
	})
	f.at(f.now() + dayMs)
	f.call(entry(f.owner), "addSponsors").halts(nil)
	require.Len(t, f.read("sponsors"), 16)
	f.call(as, "refill", idOf(1), util.Uint160{1, 15}, 1).halts(nil)

	// The list as a whole is bounded, and one that is there already takes no further place.
	f.call(entry(f.owner), "proposeSponsors", []any{util.Uint160{1, 3}}).halts(nil)
	f.at(f.now() + dayMs)
	f.call(entry(f.owner), "addSponsors").halts(nil)
	f.call(entry(f.owner), "proposeSponsors", []any{sponsor}).halts(nil)
	f.at(f.now() + dayMs)
	f.keeps(func() { f.call(entry(f.owner), "addSponsors").faults("at most 16 sponsor wallets") })
}
