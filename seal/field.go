package seal

// secretSize is in bytes: 128 bits, as many as sixteen words leave room for.
const secretSize = 16

// split draws a straight line through each byte of the secret (Shamir's scheme with a threshold of two): share x holds the point
// y = secret + x*slope. With one point, every secret is as likely as any other.
func split(set uint16, secret, slope [secretSize]byte, n int) []Share {
	shares := make([]Share, n)
	for i := range shares {
		s := Share{set: set, x: byte(i + 1)}
		for j := range s.y {
			s.y[j] = secret[j] ^ multiply(s.x, slope[j])
		}
		shares[i] = s
	}
	return shares
}

// combine finds where the line through two points with different x meets x = 0.
func combine(a, b Share) [secretSize]byte {
	var secret [secretSize]byte
	run := invert(a.x ^ b.x)
	for j := range secret {
		slope := multiply(a.y[j]^b.y[j], run)
		secret[j] = a.y[j] ^ multiply(a.x, slope)
	}
	return secret
}

// multiply is the product in GF(2^8) modulo x^8+x^4+x^3+x+1 (FIPS 197 section 4.2). It takes the same steps whatever its operands, and looks up
// nothing, so that time and caches tell nothing of them.
func multiply(a, b byte) byte {
	var product byte
	for range 8 {
		product ^= a & -(b & 1)
		a = a<<1 ^ 0x1b&-(a>>7)
		b >>= 1
	}
	return product
}

// invert is a to the power 254: the inverse in GF(2^8), and 0 for 0.
func invert(a byte) byte {
	power := a
	for range 6 {
		power = multiply(multiply(power, power), a)
	}
	return multiply(power, power)
}
