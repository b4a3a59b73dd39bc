package bundle

// Limits of the format. A verifier refuses what exceeds them, so that a hostile archive costs little to refuse.
const (
	MaxFile    = 64 << 20  // bytes of one file
	MaxFiles   = 256 << 20 // bytes of all files together
	MaxRecords = 10_000
	MaxEntries = 10_000

	maxArchive  = 320 << 20 // files, and room for everything else
	maxName     = 128       // bytes of an entry's name
	maxManifest = 4 << 20
	maxList     = 16 << 20 // records.json
	maxRecord   = 1 << 20  // one record's JSON, so that decoding it stays cheap
	maxSmall    = 64 << 10 // every other entry
	maxInteger  = 1<<53 - 1
	maxNoteSigs = 100
)
