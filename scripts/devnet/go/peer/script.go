package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/nspcc-dev/neo-go/pkg/io"
	"github.com/nspcc-dev/neo-go/pkg/smartcontract/callflag"
	"github.com/nspcc-dev/neo-go/pkg/util"
	"github.com/nspcc-dev/neo-go/pkg/vm/emit"
	"github.com/nspcc-dev/neo-go/pkg/vm/opcode"
	"github.com/nspcc-dev/neo-go/pkg/vm/stackitem"
)

type scriptQuestion struct {
	Calls []call `json:"calls"`
}

type call struct {
	Contract string     `json:"contract"`
	Method   string     `json:"method"`
	Args     []argument `json:"args"`
	Flags    byte       `json:"flags"`
	Result   string     `json:"result"`
}

type argument struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

type pair struct {
	Key   argument `json:"key"`
	Value argument `json:"value"`
}

// What the instruction after a call does to its answer.
var results = map[string]opcode.Opcode{"asserted": opcode.ASSERT, "dropped": opcode.DROP}

func answerScript(line []byte) (any, error) {
	var asked scriptQuestion
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	script := io.NewBufBinWriter()
	for _, one := range asked.Calls {
		if err := emitCall(script.BinWriter, one); err != nil {
			return nil, err
		}
	}
	if script.Err != nil {
		return nil, script.Err
	}
	return map[string][]byte{"script": script.Bytes()}, nil
}

func emitCall(script *io.BinWriter, one call) error {
	contract, err := util.Uint160DecodeStringLE(strings.TrimPrefix(one.Contract, "0x"))
	if err != nil {
		return err
	}
	args, err := emitables(one.Args)
	if err != nil {
		return err
	}
	emit.AppCall(script, contract, one.Method, callflag.CallFlag(one.Flags), args...)
	if after, ok := results[one.Result]; ok {
		emit.Opcodes(script, after)
	}
	return script.Err
}

func emitables(args []argument) ([]any, error) {
	list := make([]any, len(args))
	for index, one := range args {
		value, err := emitable(one)
		if err != nil {
			return nil, err
		}
		list[index] = value
	}
	return list, nil
}

// emitable gives what emit.Any takes for it. Structs and maps it takes as stack items only, and with
// them all that they hold.
func emitable(one argument) (any, error) {
	switch one.Type {
	case "Array":
		var items []argument
		if err := json.Unmarshal(one.Value, &items); err != nil {
			return nil, err
		}
		return emitables(items)
	case "Struct", "Map":
		return stackItem(one)
	default:
		return scalar(one)
	}
}

func stackItem(one argument) (stackitem.Item, error) {
	switch one.Type {
	case "Array", "Struct":
		var parts []argument
		if err := json.Unmarshal(one.Value, &parts); err != nil {
			return nil, err
		}
		items := make([]stackitem.Item, len(parts))
		for index, part := range parts {
			item, err := stackItem(part)
			if err != nil {
				return nil, err
			}
			items[index] = item
		}
		if one.Type == "Array" {
			return stackitem.NewArray(items), nil
		}
		return stackitem.NewStruct(items), nil
	case "Map":
		return mapItem(one.Value)
	default:
		value, err := scalar(one)
		if err != nil {
			return nil, err
		}
		return stackitem.TryMake(value)
	}
}

func mapItem(value json.RawMessage) (stackitem.Item, error) {
	var pairs []pair
	if err := json.Unmarshal(value, &pairs); err != nil {
		return nil, err
	}
	elements := make([]stackitem.MapElement, len(pairs))
	for index, one := range pairs {
		key, err := stackItem(one.Key)
		if err != nil {
			return nil, err
		}
		value, err := stackItem(one.Value)
		if err != nil {
			return nil, err
		}
		elements[index] = stackitem.MapElement{Key: key, Value: value}
	}
	return stackitem.NewMapWithValue(elements), nil
}

func scalar(one argument) (any, error) {
	switch one.Type {
	case "Any":
		return nil, nil
	case "Boolean":
		var value bool
		err := json.Unmarshal(one.Value, &value)
		return value, err
	}
	var text string
	if err := json.Unmarshal(one.Value, &text); err != nil {
		return nil, err
	}
	switch one.Type {
	case "Integer":
		value, ok := new(big.Int).SetString(text, 10)
		if !ok {
			return nil, fmt.Errorf("no integer: %q", text)
		}
		return value, nil
	case "String":
		return text, nil
	case "ByteArray", "ByteString", "Signature":
		return base64.StdEncoding.DecodeString(text)
	case "Hash160":
		return util.Uint160DecodeStringLE(strings.TrimPrefix(text, "0x"))
	case "Hash256":
		return util.Uint256DecodeStringLE(strings.TrimPrefix(text, "0x"))
	case "PublicKey":
		return hex.DecodeString(text)
	default:
		return nil, fmt.Errorf("no type of an argument: %q", one.Type)
	}
}
