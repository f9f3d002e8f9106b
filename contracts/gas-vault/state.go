package gasvault

import (
	"github.com/nspcc-dev/neo-go/pkg/interop"
	"github.com/nspcc-dev/neo-go/pkg/interop/iterator"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/crypto"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/gas"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/ledger"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/management"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/neo"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/notary"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/oracle"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/policy"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/roles"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/std"
	"github.com/nspcc-dev/neo-go/pkg/interop/runtime"
	"github.com/nspcc-dev/neo-go/pkg/interop/storage"
	"github.com/nspcc-dev/neo-go/pkg/interop/util"
)

// What is stored, and under which key. No key is the beginning of another of a different kind, but
// for those that end in an id, a wallet or a kind.
const (
	keyOwner    = "o"
	keyOperator = "p"
	keyMinimum  = "m"
	keyPaused   = "z"
	keyLock     = "l"
	// + id: recipient (20 bytes), then the amount as an integer of the machine.
	keyPaid = "i"
	// + wallet
	keySponsor = "s"
	// + kind of proposal: serialized [value, ready at, lapses at].
	keyProposal = "c"

	// The two caps: each has a sum per UTC day, of which only the latest day is kept.
	ofReleases  = "w"
	ofRefills   = "f"
	suffixCap   = "c"
	suffixDay   = "d"
	suffixSpent = "s"

	dayMs = 24 * 60 * 60 * 1000

	zeroAccount = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	// The library of the compiler does not name it.
	treasuryHash = "\xc1\x3a\x56\xc9\x83\x53\xa7\xea\x6a\x32\x4d\x9a\x83\x5d\x1b\x5b\xf2\x26\x63\x15"
)

func get(key string) any {
	return storage.Get(storage.GetReadOnlyContext(), key)
}

func put(key string, value any) {
	storage.Put(storage.GetContext(), key, value)
}

func remove(key string) {
	storage.Delete(storage.GetContext(), key)
}

// loadAccount answers a ByteString, as EQUAL asks for.
func loadAccount(key string) interop.Hash160 {
	return interop.Hash160(get(key).(string))
}

func setAccount(key string, account interop.Hash160) {
	put(key, string(account))
}

// toAccount is an account that can be paid or obeyed: neither this vault, nor a native contract,
// which would keep what it is paid, nor the zero account, which nobody has the key of. Whatever the
// script pushed is a ByteString afterwards: EQUAL finds a Buffer unlike its own bytes, and an
// account given as one would pass the checks of this file.
func toAccount(value any) interop.Hash160 {
	bytes := value.(string)
	util.AssertMsg(len(bytes) == interop.Hash160Len, "an account has 20 bytes")
	account := interop.Hash160(bytes)
	util.AssertMsg(!account.Equals(runtime.GetExecutingScriptHash()), "not the vault itself")
	util.AssertMsg(!isReserved(bytes), "not a native contract or the zero account")
	return account
}

// isReserved names the native contracts instead of asking ContractManagement for a negative id: its
// answer holds the whole manifest, and a recipient with a large one would not fit on the stack.
func isReserved(account string) bool {
	return account == zeroAccount || account == management.Hash || account == std.Hash ||
		account == crypto.Hash || account == ledger.Hash || account == neo.Hash ||
		account == gas.Hash || account == policy.Hash || account == roles.Hash ||
		account == oracle.Hash || account == notary.Hash || account == treasuryHash
}

func toAccounts(value any) []interop.Hash160 {
	given := value.([]any)
	util.AssertMsg(len(given) <= sponsorsMax, "at most 16 sponsor wallets")
	accounts := []interop.Hash160{}
	for _, one := range given {
		accounts = append(accounts, toAccount(one))
	}
	return accounts
}

func toId(id any) string {
	bytes := id.(string)
	util.AssertMsg(len(bytes) == idBytes, "an id has 32 bytes")
	return bytes
}

func toCap(value any) int {
	datoshi := value.(int)
	util.AssertMsg(datoshi >= 0, "a cap is not negative")
	return datoshi
}

func assertApart(owner, operator interop.Hash160) {
	util.AssertMsg(!owner.Equals(operator), "the owner is not the operator")
}

// assertCalledBy asks for the witness of the account under a key, and for a call by the
// transaction's own script: a contract that a careless signature (scope Global) lets act in the
// account's name gets nothing here.
func assertCalledBy(key string, refusal string) {
	util.AssertMsg(runtime.CheckWitness(loadAccount(key)), refusal)
	assertCalledByEntry()
}

func assertCalledByEntry() {
	calling := runtime.GetCallingScriptHash()
	util.AssertMsg(calling.Equals(runtime.GetEntryScriptHash()), "not called by the entry script")
}

func capOf(kind string) int {
	return get(kind + suffixCap).(int)
}

// currentDay counts from 1970-01-01; the chain's time is in milliseconds of UTC.
func currentDay() int {
	return runtime.GetTime() / dayMs
}

func spentOn(kind string, day int) int {
	latest := get(kind + suffixDay)
	if latest == nil || latest.(int) != day {
		return 0
	}
	return get(kind + suffixSpent).(int)
}

// setCap notifies with constant names: only those does the compiler hold against the manifest.
func setCap(kind string, before int, datoshi int) {
	put(kind+suffixCap, datoshi)
	if kind == ofReleases {
		runtime.Notify("ReleaseCapChanged", before, datoshi)
	} else {
		runtime.Notify("RefillCapChanged", before, datoshi)
	}
}

// Sponsors lists the wallets that Refill may pay.
func Sponsors() []interop.Hash160 {
	wallets := []interop.Hash160{}
	found := storage.Find(storage.GetReadOnlyContext(), keySponsor, storage.KeysOnly|storage.RemovePrefix)
	for iterator.Next(found) {
		wallets = append(wallets, interop.Hash160(iterator.Value(found).(string)))
	}
	return wallets
}

func listSponsors(wallets []interop.Hash160) {
	for _, wallet := range wallets {
		put(keySponsor+string(wallet), 1)
		runtime.Notify("SponsorAdded", wallet)
	}
	util.AssertMsg(len(Sponsors()) <= sponsorsMax, "at most 16 sponsor wallets")
}
