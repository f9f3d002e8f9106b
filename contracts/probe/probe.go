// Package probe is the contract of the platform's own tests on a live network: it raises events,
// fails on request before and after one, takes payments and says so, and hands values back. It
// holds no rights and anybody may call everything, so nothing of value belongs on it.
package probe

import (
	"github.com/nspcc-dev/neo-go/pkg/interop"
	"github.com/nspcc-dev/neo-go/pkg/interop/iterator"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/management"
	"github.com/nspcc-dev/neo-go/pkg/interop/runtime"
	"github.com/nspcc-dev/neo-go/pkg/interop/storage"
	"github.com/nspcc-dev/neo-go/pkg/interop/util"
)

// Emit raises Emitted once.
func Emit(text string, number int) {
	runtime.Notify("Emitted", text, number)
}

// EmitMany raises Emitted with the numbers from 0 to count-1.
func EmitMany(text string, count int) {
	for i := range count {
		runtime.Notify("Emitted", text, i)
	}
}

// EmitAndFault raises an event and then panics: the event must count for nothing.
func EmitAndFault(text string) {
	runtime.Notify("Emitted", text, 0)
	panic(text)
}

// Abort ends the execution in the way nothing can catch.
func Abort() {
	util.Abort()
}

// Echo hands the value back as it came.
func Echo(value any) any {
	return value
}

// Witnessed tells whether the account's witness reaches this contract.
func Witnessed(account interop.Hash160) bool {
	return runtime.CheckWitness(account)
}

// Put stores a value.
func Put(key []byte, value []byte) {
	storage.Put(storage.GetContext(), key, value)
}

// Get reads a stored value, null when there is none.
func Get(key []byte) any {
	return storage.Get(storage.GetReadOnlyContext(), key)
}

// Find is an iterator over what is stored under a prefix.
func Find(prefix []byte) iterator.Iterator {
	return storage.Find(storage.GetReadOnlyContext(), prefix, storage.None)
}

// Update replaces code or manifest; nil keeps the one there is. Anybody may, as with everything here.
func Update(nef []byte, manifest []byte, data any) {
	management.UpdateWithData(nef, manifest, data)
}

// Destroy ends the contract and its storage.
func Destroy() {
	management.Destroy()
}

// OnNEP17Payment says what was paid; the text "refuse" as data makes it fault, and with it the
// transfer.
func OnNEP17Payment(from interop.Hash160, amount int, data any) {
	if data != nil && util.Equals(data, "refuse") {
		panic("refused")
	}
	runtime.Notify("Paid", runtime.GetCallingScriptHash(), from, amount, data)
}
