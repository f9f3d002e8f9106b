// Package recipient is whoever the vault may meet on chain: it takes payments in the way it was
// told to, forwards calls in its callers' names, and pays with data that no wallet would send.
package recipient

import (
	"github.com/nspcc-dev/neo-go/pkg/interop"
	"github.com/nspcc-dev/neo-go/pkg/interop/contract"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/gas"
	"github.com/nspcc-dev/neo-go/pkg/interop/runtime"
	"github.com/nspcc-dev/neo-go/pkg/interop/storage"
	"github.com/nspcc-dev/neo-go/pkg/interop/util"
)

const (
	keyMode  = "mode"
	keyVault = "vault"
	freshId  = "fresh-fresh-fresh-fresh-fresh-32"
)

// Behave says what to do with the payments to come.
func Behave(mode string, vault interop.Hash160) {
	storage.Put(storage.GetContext(), keyMode, mode)
	storage.Put(storage.GetContext(), keyVault, vault)
}

// OnNEP17Payment does what Behave said last, and takes the payment when it said nothing. It calls
// back in once, so that what it gets then is not undone by an id that it used before.
func OnNEP17Payment(from interop.Hash160, amount int, data any) {
	stored := storage.Get(storage.GetReadOnlyContext(), keyMode)
	if stored == nil {
		return
	}
	mode := stored.(string)
	if mode == "release" || mode == "refill" {
		callIn(mode, amount)
	}
	if mode == "release, caught" {
		callInCaught(amount)
	}
	if mode == "abort" {
		util.Abort()
	}
	if mode == "panic" {
		panic("refused")
	}
	if mode == "burn" {
		runtime.BurnGas(runtime.GasLeft())
	}
	if mode == "pay back" {
		pay(vault(), amount, nil)
	}
}

// Forward calls any method of any contract, with whatever witnesses reach it.
func Forward(target interop.Hash160, method string, args []any) any {
	return contract.Call(target, method, contract.All, args...)
}

// ForwardNothing is Forward for methods that answer nothing.
func ForwardNothing(target interop.Hash160, method string, args []any) {
	contract.Call(target, method, contract.All, args...)
}

// PayWithBuffer pays the vault with bytes that are no ByteString.
func PayWithBuffer(vault interop.Hash160, amount int, length int) {
	pay(vault, amount, make([]byte, length))
}

// PayAndUndo pays the vault in a call whose failure it catches.
func PayAndUndo(vault interop.Hash160, amount int) {
	defer func() {
		recover()
	}()
	contract.Call(runtime.GetExecutingScriptHash(), "payAndPanic", contract.All, vault, amount)
}

// PayAndPanic is what PayAndUndo catches.
func PayAndPanic(vault interop.Hash160, amount int) {
	pay(vault, amount, nil)
	panic("undone")
}

func pay(to interop.Hash160, amount int, data any) {
	util.Assert(gas.Transfer(runtime.GetExecutingScriptHash(), to, amount, data))
}

func vault() interop.Hash160 {
	return storage.Get(storage.GetReadOnlyContext(), keyVault).(interop.Hash160)
}

func callIn(method string, amount int) {
	storage.Put(storage.GetContext(), keyMode, "")
	contract.Call(vault(), method, contract.All, freshId, runtime.GetExecutingScriptHash(), amount)
}

func callInCaught(amount int) {
	defer func() {
		recover()
	}()
	callIn("release", amount)
}
