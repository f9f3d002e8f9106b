// Package badge is the non-fungible token of the platform's own tests on a live network: NEP-11,
// not divisible. Anybody mints a badge for an account whose witness is there, under an id nobody
// took, and its owner hands it on; badges are never burned. Nothing of value belongs on it.
package badge

import (
	"github.com/nspcc-dev/neo-go/pkg/interop"
	"github.com/nspcc-dev/neo-go/pkg/interop/contract"
	"github.com/nspcc-dev/neo-go/pkg/interop/iterator"
	"github.com/nspcc-dev/neo-go/pkg/interop/native/management"
	"github.com/nspcc-dev/neo-go/pkg/interop/runtime"
	"github.com/nspcc-dev/neo-go/pkg/interop/storage"
)

const (
	supplyKey     = "s"
	balancePrefix = "b" // owner -> how many
	ownedPrefix   = "o" // owner, id -> id
	tokenPrefix   = "t" // id -> owner

	// A key of a contract's storage has at most 64 bytes, and the longest here is prefix, owner, id.
	idBytesMax = 43
)

// Symbol is part of NEP-11, as all that follows but Mint.
func Symbol() string {
	return "BADGE"
}

// Decimals is 0: a badge has one owner.
func Decimals() int {
	return 0
}

// TotalSupply is how many were minted.
func TotalSupply() int {
	return numberAt(storage.GetReadOnlyContext(), []byte(supplyKey))
}

// BalanceOf is how many badges an account owns.
func BalanceOf(owner interop.Hash160) int {
	assertAccount(owner)
	return numberAt(storage.GetReadOnlyContext(), balanceKey(owner))
}

// TokensOf is an iterator over the ids an account owns.
func TokensOf(owner interop.Hash160) iterator.Iterator {
	assertAccount(owner)
	return storage.Find(storage.GetReadOnlyContext(), ownedBy(owner), storage.ValuesOnly)
}

// Tokens is an iterator over all ids.
func Tokens() iterator.Iterator {
	return storage.Find(storage.GetReadOnlyContext(), tokenPrefix, storage.KeysOnly|storage.RemovePrefix)
}

// OwnerOf faults when there is no such badge.
func OwnerOf(tokenId []byte) interop.Hash160 {
	return requireOwner(storage.GetReadOnlyContext(), tokenId)
}

// Properties is what NEP-11 asks for at least; it faults when there is no such badge.
func Properties(tokenId []byte) map[string]string {
	requireOwner(storage.GetReadOnlyContext(), tokenId)
	return map[string]string{"name": "Badge " + string(tokenId)}
}

// Transfer answers false without the owner's witness, and faults when there is no such badge or a
// receiving contract does not take it.
func Transfer(to interop.Hash160, tokenId []byte, data any) bool {
	assertAccount(to)
	ctx := storage.GetContext()
	owner := requireOwner(ctx, tokenId)
	if !runtime.CheckWitness(owner) {
		return false
	}
	if !owner.Equals(to) {
		storage.Delete(ctx, ownedKey(owner, tokenId))
		addTo(ctx, balanceKey(owner), -1)
		give(ctx, to, tokenId)
	}
	tell(owner, to, tokenId, data)
	return true
}

// Mint makes the badge of this id for an account that witnesses it.
func Mint(to interop.Hash160, tokenId []byte) {
	assertAccount(to)
	if len(tokenId) == 0 || len(tokenId) > idBytesMax {
		panic("an id has 1 to 43 bytes")
	}
	if !runtime.CheckWitness(to) {
		panic("not witnessed")
	}
	ctx := storage.GetContext()
	if storage.Get(ctx, tokenKey(tokenId)) != nil {
		panic("the id is taken")
	}
	addTo(ctx, []byte(supplyKey), 1)
	give(ctx, to, tokenId)
	tell(nil, to, tokenId, nil)
}

func give(ctx storage.Context, to interop.Hash160, tokenId []byte) {
	storage.Put(ctx, tokenKey(tokenId), to)
	storage.Put(ctx, ownedKey(to, tokenId), tokenId)
	addTo(ctx, balanceKey(to), 1)
}

// Last of all, since the contract that is called may call back.
func tell(from interop.Hash160, to interop.Hash160, tokenId []byte, data any) {
	runtime.Notify("Transfer", from, to, 1, tokenId)
	if management.GetContract(to) != nil {
		contract.Call(to, "onNEP11Payment", contract.All, from, 1, tokenId, data)
	}
}

func requireOwner(ctx storage.Context, tokenId []byte) interop.Hash160 {
	owner := storage.Get(ctx, tokenKey(tokenId))
	if owner == nil {
		panic("no such badge")
	}
	return owner.(interop.Hash160)
}

func assertAccount(account interop.Hash160) {
	if len(account) != interop.Hash160Len {
		panic("not an account")
	}
}

func numberAt(ctx storage.Context, key []byte) int {
	stored := storage.Get(ctx, key)
	if stored == nil {
		return 0
	}
	return stored.(int)
}

func addTo(ctx storage.Context, key []byte, change int) {
	number := numberAt(ctx, key) + change
	if number == 0 {
		storage.Delete(ctx, key)
		return
	}
	storage.Put(ctx, key, number)
}

func balanceKey(owner interop.Hash160) []byte {
	return append([]byte(balancePrefix), owner...)
}

func ownedBy(owner interop.Hash160) []byte {
	return append([]byte(ownedPrefix), owner...)
}

func ownedKey(owner interop.Hash160, tokenId []byte) []byte {
	return append(ownedBy(owner), tokenId...)
}

func tokenKey(tokenId []byte) []byte {
	return append([]byte(tokenPrefix), tokenId...)
}
