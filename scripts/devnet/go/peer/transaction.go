package main

import (
	"encoding/json"

	"github.com/nspcc-dev/neo-go/pkg/core/transaction"
	"github.com/nspcc-dev/neo-go/pkg/crypto/hash"
)

type transactionQuestion struct {
	// Base64 in JSON.
	Bytes []byte          `json:"bytes"`
	JSON  json.RawMessage `json:"json"`
	Magic uint32          `json:"magic"`
}

type transactionAnswer struct {
	// What was read from the bytes, written again.
	Bytes    []byte `json:"bytes"`
	Unsigned []byte `json:"unsigned"`
	Hash     string `json:"hash"`
	Size     int    `json:"size"`
	Signed   []byte `json:"signed"`
	// What was built from the fields of the JSON; absent when none was given.
	FromJSON []byte          `json:"fromJson,omitempty"`
	JSON     json.RawMessage `json:"json"`
}

func answerTransaction(line []byte) (any, error) {
	var asked transactionQuestion
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	built := new(transaction.Transaction)
	if err := json.Unmarshal(asked.JSON, built); err != nil {
		return nil, err
	}
	answer, err := describe(asked)
	if err != nil {
		return nil, err
	}
	answer.FromJSON = built.Bytes()
	return answer, nil
}

// Of bytes alone, which may be no transaction at all.
func answerBytes(line []byte) (any, error) {
	var asked transactionQuestion
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	return describe(asked)
}

func describe(asked transactionQuestion) (*transactionAnswer, error) {
	decoded, err := transaction.NewTransactionFromBytes(asked.Bytes)
	if err != nil {
		return nil, err
	}
	unsigned, err := decoded.EncodeHashableFields()
	if err != nil {
		return nil, err
	}
	shown, err := json.Marshal(decoded)
	if err != nil {
		return nil, err
	}
	return &transactionAnswer{
		Bytes:    decoded.Bytes(),
		Unsigned: unsigned,
		Hash:     "0x" + decoded.Hash().StringLE(),
		Size:     decoded.Size(),
		Signed:   hash.GetSignedData(asked.Magic, decoded),
		JSON:     shown,
	}, nil
}
