package gasvault

import (
	"github.com/nspcc-dev/neo-go/pkg/interop"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/crypto"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/management"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/std"
	"github.com/nspcc-dev/neo-go/pkg/interop/runtime"
	"github.com/nspcc-dev/neo-go/pkg/interop/util"
)

// What takes power away happens at once. What gives power waits a day in the open, so that people
// can see it and leave, and the owner can cancel what a thief of its keys proposed; it lapses after
// seven days, so that nothing lies in wait. One proposal of a kind is open at a time: proposing
// again replaces it and restarts the clock.
const (
	delayMs    = dayMs
	lifetimeMs = 7 * dayMs

	proposalReleaseCap = "releaseCap"
	proposalRefillCap  = "refillCap"
	proposalOwner      = "owner"
	proposalSponsors   = "sponsors"
	proposalUpdate     = "update"
)

// Owner is the cold account that governs.
func Owner() interop.Hash160 {
	return loadAccount(keyOwner)
}

// Operator is the hot account that pays.
func Operator() interop.Hash160 {
	return loadAccount(keyOperator)
}

// IsPaused tells whether Release and Refill are refused. Deposits never are.
func IsPaused() bool {
	return get(keyPaused) != nil
}

// Pause stops Release and Refill. Owner or operator, at once.
func Pause() {
	by := Operator()
	if !runtime.CheckWitness(by) {
		by = Owner()
		util.AssertMsg(runtime.CheckWitness(by), "no witness of the owner or the operator")
	}
	assertCalledByEntry()
	util.AssertMsg(!IsPaused(), "paused already")
	put(keyPaused, 1)
	runtime.Notify("Paused", by)
}

// Unpause is the owner's: whoever stole the operator's key does not undo what stopped it.
func Unpause() {
	assertCalledByOwner()
	util.AssertMsg(IsPaused(), "not paused")
	remove(keyPaused)
	runtime.Notify("Unpaused", Owner())
}

// SetOperator replaces the operator. Owner, at once.
func SetOperator(operator interop.Hash160) {
	assertCalledByOwner()
	account := toAccount(operator)
	assertApart(Owner(), account)
	before := Operator()
	setAccount(keyOperator, account)
	runtime.Notify("OperatorChanged", before, account)
}

// LowerReleaseCap counts from this block on, for what was paid today too. Owner, at once.
func LowerReleaseCap(datoshi int) {
	lowerCap(ofReleases, datoshi)
}

// LowerRefillCap counts from this block on, for what was paid today too. Owner, at once.
func LowerRefillCap(datoshi int) {
	lowerCap(ofRefills, datoshi)
}

// RemoveSponsor takes a wallet off the list. Owner, at once.
func RemoveSponsor(wallet interop.Hash160) {
	assertCalledByOwner()
	account := toAccount(wallet)
	key := keySponsor + string(account)
	util.AssertMsg(get(key) != nil, "not a listed sponsor wallet")
	remove(key)
	runtime.Notify("SponsorRemoved", account)
}

// ProposeReleaseCap waits for RaiseReleaseCap. Owner.
func ProposeReleaseCap(datoshi int) {
	proposeCap(ofReleases, proposalReleaseCap, datoshi)
}

// ProposeRefillCap waits for RaiseRefillCap. Owner.
func ProposeRefillCap(datoshi int) {
	proposeCap(ofRefills, proposalRefillCap, datoshi)
}

// ProposeOwner waits for AcceptOwner. Owner.
func ProposeOwner(owner interop.Hash160) {
	assertCalledByOwner()
	account := toAccount(owner)
	assertApart(account, Operator())
	propose(proposalOwner, account)
}

// ProposeSponsors waits for AddSponsors. Owner.
func ProposeSponsors(wallets []interop.Hash160) {
	assertCalledByOwner()
	accounts := toAccounts(wallets)
	util.AssertMsg(len(accounts) > 0, "at least one sponsor wallet")
	propose(proposalSponsors, accounts)
}

// ProposeUpdate waits for Update; the hash is that of hashOfCode. Owner.
func ProposeUpdate(hash []byte) {
	assertCalledByOwner()
	code := interop.Hash256(any(hash).(string))
	util.AssertMsg(len(code) == interop.Hash256Len, "a hash has 32 bytes")
	propose(proposalUpdate, code)
}

// CancelProposal drops the proposal of a kind, lapsed or not. Owner, at once.
func CancelProposal(kind string) {
	assertCalledByOwner()
	value, _, _ := loadProposal(kind)
	remove(keyProposal + kind)
	runtime.Notify("ProposalCancelled", kind, value)
}

// RaiseReleaseCap does what was proposed. Owner.
func RaiseReleaseCap() {
	assertCalledByOwner()
	setCap(ofReleases, ReleaseCap(), takeProposal(proposalReleaseCap).(int))
}

// RaiseRefillCap does what was proposed. Owner.
func RaiseRefillCap() {
	assertCalledByOwner()
	setCap(ofRefills, RefillCap(), takeProposal(proposalRefillCap).(int))
}

// AcceptOwner makes the proposed owner the owner. By that account itself, which so proves that its
// keys are held: a mistaken address would end all governance.
func AcceptOwner() {
	account := toAccount(takeProposal(proposalOwner))
	util.AssertMsg(runtime.CheckWitness(account), "no witness of the proposed owner")
	assertCalledByEntry()
	// The operator may have been replaced since.
	assertApart(account, Operator())
	before := Owner()
	setAccount(keyOwner, account)
	runtime.Notify("OwnerChanged", before, account)
}

// AddSponsors does what was proposed. Owner.
func AddSponsors() {
	assertCalledByOwner()
	listSponsors(toAccounts(takeProposal(proposalSponsors)))
}

// Update replaces the code by exactly what was proposed. Owner.
func Update(nef []byte, manifest []byte) {
	assertCalledByOwner()
	code := hashOfCode(nef, manifest)
	util.AssertMsg(code.Equals(takeProposal(proposalUpdate)), "not the code that was proposed")
	runtime.Notify("Updated", code)
	management.Update(nef, manifest)
}

// Proposal tells [value, ready at, lapses at] of the open proposal of a kind, the times in
// milliseconds as the chain has them; null when there is none. One that has lapsed is told until it
// is cancelled or replaced.
func Proposal(kind string) []any {
	serialized := get(keyProposal + kind)
	if serialized == nil {
		return nil
	}
	return std.Deserialize(serialized.([]byte)).([]any)
}

// hashOfCode hashes the hashes, so that no byte can pass from one file to the other.
func hashOfCode(nef []byte, manifest []byte) interop.Hash256 {
	both := string(crypto.Sha256(nef)) + string(crypto.Sha256(manifest))
	return crypto.Sha256([]byte(both))
}

func assertCalledByOwner() {
	assertCalledBy(keyOwner, "no witness of the owner")
}

func lowerCap(kind string, datoshi int) {
	assertCalledByOwner()
	before := capOf(kind)
	util.AssertMsg(toCap(datoshi) < before, "not below the cap: propose it")
	setCap(kind, before, datoshi)
}

func proposeCap(kind string, proposal string, datoshi int) {
	assertCalledByOwner()
	util.AssertMsg(datoshi > capOf(kind), "not above the cap: lower it")
	propose(proposal, datoshi)
}

func propose(kind string, value any) {
	now := runtime.GetTime()
	readyAt, lapsesAt := now+delayMs, now+lifetimeMs
	put(keyProposal+kind, std.Serialize([]any{value, readyAt, lapsesAt}))
	runtime.Notify("Proposed", kind, value, readyAt, lapsesAt)
}

func loadProposal(kind string) (any, int, int) {
	proposal := Proposal(kind)
	util.AssertMsg(proposal != nil, "no such proposal")
	return proposal[0], proposal[1].(int), proposal[2].(int)
}

// takeProposal answers what may be done now, once.
func takeProposal(kind string) any {
	value, readyAt, lapsesAt := loadProposal(kind)
	now := runtime.GetTime()
	util.AssertMsg(now >= readyAt, "too early: proposed less than 24 hours ago")
	util.AssertMsg(now < lapsesAt, "the proposal has lapsed")
	remove(keyProposal + kind)
	return value
}
