package tlog

import "ward/fault"

// WitnessName is the name in a witness's verifying key. A key of another use, such as a log's, is Invalid.
func WitnessName(verifier string) (string, error) {
	k, err := parseVerifier(verifier)
	if err != nil {
		return "", err
	}
	if k.alg != algCosignature {
		return "", fault.New(fault.Invalid, "this is not a witness's key").Do("ask the witness for the key that `ward witness` prints")
	}
	return k.name, nil
}
