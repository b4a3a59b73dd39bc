package exchange

// Every limit stands here with its reason. An input beyond one is refused with
// a sentence; nothing is cut silently.
const (
	// maxInput bounds what is read from one file, after gzip: the largest
	// register known is under 100 MB, a million rows are about 400 MB.
	maxInput = 1 << 30
	// maxDepth bounds how deep the objects of a JSON record are opened into
	// columns; the deepest register known has five levels.
	maxDepth = 8
	// maxRecord bounds one line, cell list or JSON object. The longest real
	// row is under 20 kB; more than this is an unclosed quote or an attack.
	maxRecord = 16 << 20
	// maxColumns bounds the width of a table; the widest real one has 67.
	maxColumns = 2000
	// maxZipRatio bounds how far a workbook may unfold; real ones reach 15.
	maxZipRatio = 200
	// maxZipSmall is the unfolded size below which the ratio is not judged.
	maxZipSmall = 16 << 20
	// maxZipParts bounds the number of parts in a workbook's zip.
	maxZipParts = 2000
	// maxSheetInMemory is the sheet size above which excelize spills to disk,
	// so that memory stays flat in the rows.
	maxSheetInMemory = 16 << 20
	// maxSheets bounds how many sheets are searched for the data.
	maxSheets = 50
	// headRows is how many rows are looked at to find the header and to judge
	// values before the first row is handed out.
	headRows = 200
	// maxHeaderRow is the last row in which a header is looked for.
	maxHeaderRow = 20
	// maxCache bounds each memory of already read cells; it is emptied when full.
	maxCache = 1 << 12
	// maxCellCached is the longest cell worth remembering.
	maxCellCached = 120
	// maxCount is the largest number of persons or things read as a count:
	// more than a national register of physicians is a slip of the keyboard.
	maxCount = 1_000_000
	// maxQuotedLines is how many line ends a large quoted record may hold
	// before it is taken for a quote that was never closed.
	maxQuotedLines = 500
	// firstYear is the earliest year believed of an incident.
	firstYear = 1900
	// maxMappingFile bounds a mapping file.
	maxMappingFile = 1 << 20
	// maxDistance is how many letters a header may be misspelt by.
	maxDistance = 2
	// minFuzzyKey is the shortest header compared with tolerance: shorter ones
	// ("Iran", "Iraq") become each other too easily.
	minFuzzyKey = 9
	// minCutKey is the shortest header (letters and digits) taken for one that
	// a tool has cut off.
	minCutKey = 45
)
