// Package successor is a version of the vault to update to: it says which one it is, and reads
// what the vault before it stored.
package successor

import (
	"github.com/nspcc-dev/neo-go/pkg/interop/storage"
)

// Version is what the vault does not have.
func Version() int {
	return 2
}

// Owner is read from where the vault has it.
func Owner() []byte {
	return storage.Get(storage.GetReadOnlyContext(), "o").([]byte)
}
