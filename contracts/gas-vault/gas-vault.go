// Package gasvault holds the GAS of all gas accounts of one platform on one network. Deposits come
// in at any time and say so; GAS leaves in two ways only, both by the operator, both under a cap
// per UTC day, and each id once: release to whom the platform owes, refill to a listed sponsor
// wallet. Who may change what stands in governance.go. It keeps no balances: whose GAS this is, the
// platform's books say.
package gasvault

import (
	"github.com/nspcc-dev/neo-go/pkg/interop"
	"github.com/nspcc-dev/neo-go/pkg/interop/convert"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/gas"
	"github.com/nspcc-dev/neo-go/pkg/interop/runtime"
	"github.com/nspcc-dev/neo-go/pkg/interop/storage"
	"github.com/nspcc-dev/neo-go/pkg/interop/util"
)

const (
	// An id is a SHA-256 over network, vault, account and withdrawal, so that two tenants never
	// have the same.
	idBytes = 32
	// Room for an id of an account of the platform, and for the ids of others.
	dataBytesMax = 64
	// sponsors lists them all in one answer.
	sponsorsMax = 16
	termsCount  = 6
)

// _deploy takes [owner, operator, minimum deposit, release cap, refill cap, sponsor wallets], the
// amounts in datoshi. An update changes code and keeps state, so it takes nothing.
func _deploy(data any, isUpdate bool) {
	if isUpdate {
		return
	}
	terms := data.([]any)
	util.AssertMsg(len(terms) == termsCount, "deploy with the six terms")
	owner, operator := toAccount(terms[0]), toAccount(terms[1])
	minimum := terms[2].(int)
	assertApart(owner, operator)
	// Every transfer calls onNEP17Payment, one of nothing too: without a minimum, events are free.
	util.AssertMsg(minimum > 0, "the minimum deposit is at least 1 datoshi")
	put(keyMinimum, minimum)
	setAccount(keyOwner, owner)
	runtime.Notify("OwnerChanged", interop.Hash160(nil), owner)
	setAccount(keyOperator, operator)
	runtime.Notify("OperatorChanged", interop.Hash160(nil), operator)
	setCap(ofReleases, 0, toCap(terms[3]))
	setCap(ofRefills, 0, toCap(terms[4]))
	listSponsors(toAccounts(terms[5]))
}

// OnNEP17Payment takes GAS from anybody, paused or not, and says from whom and with which data.
// Which gas account that means is the platform's to decide: it refuses no data for being unknown.
func OnNEP17Payment(from interop.Hash160, amount int, data any) {
	// Any contract can call this method. Only GAS calls it with GAS behind it.
	util.AssertMsg(runtime.GetCallingScriptHash().Equals(gas.Hash), "only GAS is taken")
	util.AssertMsg(!runtime.GetExecutingScriptHash().Equals(from), "the vault does not pay itself")
	util.AssertMsg(amount >= MinimumDeposit(), "below the minimum deposit")
	if data != nil {
		memo := data.(string)
		util.AssertMsg(len(memo) <= dataBytesMax, "at most 64 bytes of data")
		// EQUAL is false between types. A Buffer could still change and an Integer has other bytes
		// for the same number: neither is an id.
		util.AssertMsg(util.Equals(data, memo), "data is a ByteString or null")
	}
	runtime.Notify("Deposit", from, amount, data.([]byte))
}

// Release pays what the platform owes. Operator; from the entry script; not while paused.
func Release(id []byte, to interop.Hash160, amount int) {
	beginPayment()
	key := toId(id)
	account := toAccount(to)
	book(ofReleases, key, account, amount)
	transfer(account, amount)
	runtime.Notify("Released", id, account, amount)
}

// Refill pays a listed sponsor wallet, under a cap of its own. Operator; from the entry script; not
// while paused. Ids are one set with those of Release: an id pays once, whatever for.
func Refill(id []byte, to interop.Hash160, amount int) {
	beginPayment()
	key := toId(id)
	account := toAccount(to)
	util.AssertMsg(get(keySponsor+string(account)) != nil, "not a listed sponsor wallet")
	book(ofRefills, key, account, amount)
	transfer(account, amount)
	runtime.Notify("Refilled", id, account, amount)
}

// beginPayment holds the lock before it asks anything else: of the three doors that a recipient
// meets who calls back in, each stands when the other two fall.
func beginPayment() {
	util.AssertMsg(get(keyLock) == nil, "locked: a payment is being made")
	assertCalledBy(keyOperator, "no witness of the operator")
	util.AssertMsg(!IsPaused(), "paused")
}

// book writes down the payment before any GAS moves, so that whoever is called by the transfer
// finds the id used and the day's cap spent.
func book(kind string, id string, to interop.Hash160, amount int) {
	util.AssertMsg(amount > 0, "an amount is at least 1 datoshi")
	key := keyPaid + id
	util.AssertMsg(get(key) == nil, "id used")
	today := currentDay()
	spent := spentOn(kind, today)
	// Not spent + amount <= cap: a sum can leave the range of integers.
	util.AssertMsg(amount <= capOf(kind)-spent, "above the cap of the day")
	put(kind+suffixDay, today)
	put(kind+suffixSpent, spent+amount)
	put(key, string(to)+convert.ToString(amount))
}

// transfer pays under the lock. The recipient's code runs inside of it; when it faults, nothing of
// all this was.
func transfer(to interop.Hash160, amount int) {
	ctx := storage.GetContext()
	storage.Put(ctx, keyLock, 1)
	util.AssertMsg(gas.Transfer(runtime.GetExecutingScriptHash(), to, amount, nil), "the vault has not enough GAS")
	storage.Delete(ctx, keyLock)
}

// Released tells [to, amount] of the payment that was made under an id, by release or refill; null
// when none was.
func Released(id []byte) []any {
	record := get(keyPaid + toId(id))
	if record == nil {
		return nil
	}
	bytes := record.(string)
	return []any{
		bytes[:interop.Hash160Len],
		convert.ToInteger(bytes[interop.Hash160Len:]),
	}
}

// MinimumDeposit is in datoshi. It never changes: to raise it would be to refuse deposits.
func MinimumDeposit() int {
	return get(keyMinimum).(int)
}

// ReleaseCap is what Release may pay in one UTC day, in datoshi.
func ReleaseCap() int {
	return capOf(ofReleases)
}

// RefillCap is what Refill may pay in one UTC day, in datoshi.
func RefillCap() int {
	return capOf(ofRefills)
}

// ReleasedToday is what Release has paid in the UTC day of the last block.
func ReleasedToday() int {
	return spentOn(ofReleases, currentDay())
}

// RefilledToday is what Refill has paid in the UTC day of the last block.
func RefilledToday() int {
	return spentOn(ofRefills, currentDay())
}
