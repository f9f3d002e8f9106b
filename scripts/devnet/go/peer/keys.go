package main

import (
	"encoding/json"
	"strings"

	"github.com/nspcc-dev/neo-go/pkg/core/state"
	"github.com/nspcc-dev/neo-go/pkg/crypto/hash"
	"github.com/nspcc-dev/neo-go/pkg/crypto/keys"
	"github.com/nspcc-dev/neo-go/pkg/encoding/address"
	"github.com/nspcc-dev/neo-go/pkg/smartcontract"
	"github.com/nspcc-dev/neo-go/pkg/util"
)

type account struct {
	Script  []byte `json:"script"`
	Hash    string `json:"hash"`
	Address string `json:"address"`
}

func accountOf(script []byte) account {
	owner := hash.Hash160(script)
	return account{Script: script, Hash: "0x" + owner.StringLE(), Address: address.Uint160ToString(owner)}
}

type keyQuestion struct {
	PrivateKey string `json:"privateKey"`
	Message    []byte `json:"message"`
}

type keyAnswer struct {
	account
	WIF       string `json:"wif"`
	PublicKey string `json:"publicKey"`
	Signature []byte `json:"signature"`
	// The key that the text stands for, from the text alone.
	FromWIF string `json:"fromWif"`
}

func answerKey(line []byte) (any, error) {
	var asked keyQuestion
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	key, err := keys.NewPrivateKeyFromHex(asked.PrivateKey)
	if err != nil {
		return nil, err
	}
	again, err := keys.NewPrivateKeyFromWIF(key.WIF())
	if err != nil {
		return nil, err
	}
	return keyAnswer{
		account:   accountOf(key.PublicKey().GetVerificationScript()),
		WIF:       key.WIF(),
		PublicKey: key.PublicKey().StringCompressed(),
		Signature: key.Sign(asked.Message),
		FromWIF:   again.String(),
	}, nil
}

type multisigQuestion struct {
	Threshold  int      `json:"threshold"`
	PublicKeys []string `json:"publicKeys"`
}

func answerMultisig(line []byte) (any, error) {
	var asked multisigQuestion
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	members := make(keys.PublicKeys, len(asked.PublicKeys))
	for index, text := range asked.PublicKeys {
		key, err := keys.NewPublicKeyFromString(text)
		if err != nil {
			return nil, err
		}
		members[index] = key
	}
	script, err := smartcontract.CreateMultiSigRedeemScript(asked.Threshold, members)
	if err != nil {
		return nil, err
	}
	return accountOf(script), nil
}

type contractQuestion struct {
	Sender   string `json:"sender"`
	Checksum uint32 `json:"checksum"`
	Name     string `json:"name"`
}

func answerContract(line []byte) (any, error) {
	var asked contractQuestion
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	sender, err := util.Uint160DecodeStringLE(strings.TrimPrefix(asked.Sender, "0x"))
	if err != nil {
		return nil, err
	}
	contract := state.CreateContractHash(sender, asked.Checksum, asked.Name)
	return map[string]string{"hash": "0x" + contract.StringLE()}, nil
}

type nep2Question struct {
	PrivateKey string            `json:"privateKey"`
	Passphrase string            `json:"passphrase"`
	Scrypt     keys.ScryptParams `json:"scrypt"`
}

func answerNep2(line []byte) (any, error) {
	var asked nep2Question
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	key, err := keys.NewPrivateKeyFromHex(asked.PrivateKey)
	if err != nil {
		return nil, err
	}
	text, err := keys.NEP2Encrypt(key, asked.Passphrase, asked.Scrypt)
	if err != nil {
		return nil, err
	}
	return map[string]string{"encrypted": text}, nil
}
