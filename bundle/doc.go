// Package bundle writes and checks proof packages: archives that show some fields of some records together with the
// proof that the log holds them. No server and no network is needed to check one.
//
// A bundle is a zip archive of which every byte follows from the names and contents of its entries. Its manifest lists
// every entry by SHA-256 and is signed by the log's key. A record in it shows some of its fields and hides the others
// behind hashes; from the fields a chain of hashes leads to the record's digest, through the batch it was imported with
// to the digest of one event, from there to a leaf of the log and up to the checkpoint, which witnesses cosign. A
// record that was erased is shown as a tombstone: the log's public statement that it is gone.
//
// Verify judges an archive and finds every failure; the first in a fixed order is its Code. docs/bundle.md describes
// the format byte by byte, and tools/verify-bundle is a second verifier written from that page alone.
package bundle
