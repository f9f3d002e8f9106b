// Command peer answers questions about Neo N3's forms with neo-go's own packages, so that tests can
// hold our codecs against an implementation nobody here wrote. It reads one JSON object a line and
// answers one a line, in the same order, until its input ends. It decides nothing, opens no socket
// and no file, and is built for tests only.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// A line holds a transaction twice, as base64 and as JSON; the largest one has 100 KiB.
const lineBytesMax = 4 << 20

type question struct {
	Kind string `json:"kind"`
}

var answerers = map[string]func([]byte) (any, error){
	"transaction": answerTransaction,
	"bytes":       answerBytes,
	"script":      answerScript,
	"key":         answerKey,
	"multisig":    answerMultisig,
	"contract":    answerContract,
	"nep2":        answerNep2,
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func serve() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	out := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(out)
	for lines.Scan() {
		answer, err := ask(lines.Bytes())
		if err != nil {
			answer = map[string]string{"error": err.Error()}
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return lines.Err()
}

// What neo-go refuses is an answer, and so is what makes it panic.
func ask(line []byte) (answer any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	answerer, ok := answerers[asked.Kind]
	if !ok {
		return nil, fmt.Errorf("no kind of question: %q", asked.Kind)
	}
	return answerer(line)
}
