package web

// The specification below is written by hand, from what the roles are for, and reads neither access's table nor the acts in routes.go. A role
// is one letter:
//
//	n nobody  t triage  c case worker  v verifier  a analyst  p publisher  r referrer  i investigator of XAA  u auditor  m administrator
//	o whoever is at this machine
const (
	anybody     = "ntcvapriumo"
	signedIn    = "tcvapriumo" // whoever has an account
	content     = "tcvapro"    // who work with all that is on record
	ofIncidents = "tcvaprio"   // and the investigator, within a scope
	ofReports   = "tcvro"
	ofRecord    = "tcvaprumo" // who see the log and the ledger: all but the investigator
)

// rule says of a route who may ask for it, and of what kind of object it speaks.
type rule struct {
	may    string
	object string            // a kind of matrixWorld.objects; "" where the route names none
	fill   map[string]string // what stands in further places of the pattern
	code   int               // of what is there, where a page is not answered by 200 and a form not by what stands in it
	gone   int               // of what was erased, where it is not 404
	codes  map[rune]int      // of what is there, for single roles
	query  string
	makes  bool // a form without content is enough: it is asked by whoever may not, and by whoever may elsewhere
}

// matrixRules is the specification: each route of the site.
var matrixRules = map[string]rule{
	"GET /{$}":                    {may: anybody, code: 302},
	"GET /":                       {may: anybody, code: 404},
	"GET /assets/{file...}":       {may: anybody, fill: map[string]string{"file...": "ward.css"}},
	"GET /log/{path...}":          {may: anybody, fill: map[string]string{"path...": "checkpoint"}},
	"GET /{lang}/verify":          {may: ofRecord},
	"GET /{lang}/method":          {may: signedIn},
	"GET /{lang}/{$}":             {may: signedIn, codes: map[rune]int{'i': 303, 'u': 303, 'm': 303}},
	"GET /{lang}/log":             {may: ofRecord},
	"GET /{lang}/log/{number}":    {may: ofRecord, object: "act"},
	"GET /{lang}/ledger":          {may: ofRecord},
	"GET /{lang}/ledger/readings": {may: ofRecord},
	"GET /export/ledger/csv":      {may: ofRecord},

	"GET /{lang}/incidents":        {may: ofIncidents},
	"GET /{lang}/incidents/{id}":   {may: ofIncidents, object: "incident"},
	"GET /export/incidents/{file}": {may: "capro", fill: map[string]string{"file": "csv"}},
	"GET /export/bundle/{file}":    {may: "capro", object: "bundle", gone: 200},

	"GET /{lang}/persons":                    {may: "cro"},
	"POST /{lang}/persons":                   {may: "co"},
	"GET /{lang}/persons/{id}":               {may: "cro", object: "person"},
	"POST /{lang}/persons/{id}":              {may: "co", object: "person"},
	"POST /{lang}/persons/{id}/names":        {may: "cro", object: "person", makes: true},
	"GET /{lang}/persons/{id}/report":        {may: "cro", object: "person"},
	"GET /{lang}/persons/{id}/consent":       {may: "cro", object: "person"},
	"POST /{lang}/persons/{id}/consent":      {may: "cro", object: "person"},
	"GET /{lang}/persons/{id}/consent/sheet": {may: "cro", object: "person"},
	"GET /{lang}/persons/{id}/withdraw":      {may: "co", object: "person"},
	"POST /{lang}/persons/{id}/withdraw":     {may: "co", object: "person"},
	"GET /export/persons/{lang}/{file}":      {may: "cro", object: "ownfile", code: 400},
	"GET /{lang}/grants":                     {may: "prmo"},
	"POST /{lang}/grants":                    {may: "prmo"},
	"GET /{lang}/grants/{grant}":             {may: "prmo", object: "grant"},
	"POST /{lang}/grants/{grant}":            {may: "prmo", object: "grant"},

	"GET /{lang}/states":                         {may: content},
	"GET /{lang}/states/{state}":                 {may: content, object: "state"},
	"GET /{lang}/states/{state}/{clause}/{year}": {may: content, object: "state", fill: map[string]string{"clause": "WMA-ICOME-2022:40", "year": "2026"}},
	"POST /{lang}/states/{state}/replies":        {may: "apo", object: "state"},
	"GET /export/states/csv":                     {may: content},
	"GET /export/audit/{lang}/{file}":            {may: content, object: "audit"},
	"GET /{lang}/quote":                          {may: content},
	"GET /{lang}/period":                         {may: content},
	"GET /export/period/{lang}/{file}":           {may: content, fill: map[string]string{"file": "period.json"}},
	"GET /{lang}/norms":                          {may: content},
	"GET /{lang}/norms/{norm}":                   {may: content, object: "norm"},

	"GET /{lang}/cases":                         {may: "cro"},
	"POST /{lang}/cases/find":                   {may: "cro", code: 200},
	"GET /{lang}/cases/new":                     {may: "co"},
	"POST /{lang}/cases/new":                    {may: "co"},
	"GET /{lang}/cases/{case}":                  {may: "cro", object: "case"},
	"POST /{lang}/cases/{case}":                 {may: "cro", object: "case"},
	"POST /{lang}/cases/{case}/files":           {may: "co", object: "case"},
	"GET /{lang}/cases/{case}/files/{document}": {may: "cro", object: "own case", fill: map[string]string{"document": "none"}, code: 404},
	"GET /{lang}/cases/{case}/history":          {may: "cro", object: "case"},
	"GET /export/cases/{case}/{document}":       {may: "cro", object: "own case", fill: map[string]string{"document": "none"}, code: 404},
	"GET /export/cases/{file}":                  {may: "cro", fill: map[string]string{"file": "list.csv"}},
	"GET /{lang}/calendar":                      {may: signedIn},

	"GET /{lang}/evaluations":                                   {may: "co"},
	"GET /{lang}/evaluations/new":                               {may: "co"},
	"POST /{lang}/evaluations/new":                              {may: "co"},
	"GET /{lang}/evaluations/{evaluation}":                      {may: "co", object: "evaluation"},
	"POST /{lang}/evaluations/{evaluation}":                     {may: "co", object: "evaluation"},
	"GET /{lang}/evaluations/{evaluation}/sign":                 {may: "co", object: "evaluation"},
	"GET /{lang}/evaluations/{evaluation}/write/{section}":      {may: "co", object: "evaluation", fill: map[string]string{"section": "background"}},
	"POST /{lang}/evaluations/{evaluation}/write/{section}":     {may: "co", object: "evaluation", fill: map[string]string{"section": "background"}},
	"POST /{lang}/evaluations/{evaluation}/draft":               {may: "co", object: "evaluation", makes: true},
	"GET /{lang}/evaluations/{evaluation}/findings/{finding}":   {may: "co", object: "evaluation", fill: map[string]string{"finding": "new"}},
	"POST /{lang}/evaluations/{evaluation}/findings/{finding}":  {may: "co", object: "evaluation", fill: map[string]string{"finding": "new"}},
	"GET /{lang}/evaluations/{evaluation}/photographs":          {may: "co", object: "evaluation"},
	"POST /{lang}/evaluations/{evaluation}/photographs":         {may: "co", object: "evaluation"},
	"GET /{lang}/evaluations/{evaluation}/photographs/{number}": {may: "co", object: "evaluation", fill: map[string]string{"number": "1"}, code: 404},
	"GET /export/evaluations/{file}":                            {may: "co", object: "evaluation file"},

	"GET /{lang}/facilities":               {may: content},
	"POST /{lang}/facilities":              {may: "co"},
	"GET /{lang}/facilities/state/{state}": {may: content, object: "state"},
	"GET /{lang}/facilities/{facility}":    {may: content, object: "facility"},
	"POST /{lang}/facilities/{facility}":   {may: "co", object: "facility"},
	"GET /export/facilities/{file}":        {may: content, fill: map[string]string{"file": "csv"}},

	"GET /{lang}/duties":          {may: content},
	"GET /{lang}/duties/{point}":  {may: content, object: "point"},
	"POST /{lang}/duties/{point}": {may: "apo", object: "point"},
	"GET /export/duties/csv":      {may: content},

	"GET /{lang}/commitments":                               {may: content},
	"GET /{lang}/commitments/find":                          {may: content, code: 303, query: "?recommendation=WMA-SOCIAL-2022:1&of=NMA&state=XAA"},
	"GET /{lang}/commitments/to/{addressee}":                {may: content, object: "addressee"},
	"GET /{lang}/commitments/text/{norm}":                   {may: content, object: "text"},
	"GET /{lang}/commitments/{recommendation}/{addressee}":  {may: content, object: "addressee", fill: map[string]string{"recommendation": "WMA-SOCIAL-2022:1"}},
	"POST /{lang}/commitments/{recommendation}/{addressee}": {may: "apo", object: "addressee", fill: map[string]string{"recommendation": "WMA-SOCIAL-2022:1"}},
	"GET /export/commitments/{file}":                        {may: content, fill: map[string]string{"file": "csv"}},

	"GET /{lang}/statements":              {may: content},
	"GET /{lang}/statements/write":        {may: "pro"},
	"POST /{lang}/statements/write":       {may: "pro"},
	"GET /{lang}/statements/letterhead":   {may: "pro"},
	"POST /{lang}/statements/letterhead":  {may: "pro"},
	"GET /{lang}/statements/{statement}":  {may: content, object: "statement"},
	"POST /{lang}/statements/{statement}": {may: "pro", object: "statement"},
	"GET /export/statements/{file}":       {may: content, object: "letter"},

	"GET /{lang}/referrals":             {may: "cpro"},
	"GET /{lang}/referrals/new":         {may: "cro"},
	"POST /{lang}/referrals/new":        {may: "cro"},
	"GET /{lang}/referrals/{referral}":  {may: "cpro", object: "referral"},
	"POST /{lang}/referrals/{referral}": {may: "cpro", object: "referral"},
	"GET /{lang}/disclosures":           {may: "cpro"},
	"POST /{lang}/disclosures":          {may: "cro"},
	"GET /export/disclosures/csv":       {may: "cpro"},
	"GET /handed/{token}":               {may: anybody, fill: map[string]string{"token": "none"}},
	"POST /handed/{token}":              {may: anybody, fill: map[string]string{"token": "none"}, code: 404},

	"GET /{lang}/suitability":          {may: content},
	"GET /{lang}/suitability/{state}":  {may: content, object: "state"},
	"POST /{lang}/suitability/{state}": {may: "po", object: "state"},

	"GET /{lang}/incidents/new":               {may: "co"},
	"POST /{lang}/incidents/new":              {may: "co"},
	"GET /{lang}/incidents/{id}/edit":         {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/edit":        {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/draft":       {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/suggestions": {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/citations":   {may: "apo", object: "incident"},
	"GET /{lang}/incidents/{id}/history":      {may: ofIncidents, object: "incident"},
	"GET /export/history/{file}":              {may: "capro", object: "history"},
	"GET /map/{state}":                        {may: ofIncidents, object: "state"},
	"GET /{lang}/verification":                {may: "vo"},
	"GET /{lang}/incidents/{id}/verify":       {may: "vo", object: "incident"},
	"POST /{lang}/incidents/{id}/verify":      {may: "vo", object: "incident"},

	"GET /{lang}/search":           {may: ofIncidents},
	"POST /{lang}/search":          {may: ofIncidents},
	"POST /{lang}/search/save":     {may: ofIncidents},
	"GET /{lang}/search/{search}":  {may: ofIncidents, object: "search"},
	"POST /{lang}/search/{search}": {may: ofIncidents, object: "search"},

	"GET /{lang}/workbench":                          {may: "apo"},
	"GET /{lang}/workbench/{state}":                  {may: "apo", object: "state"},
	"POST /{lang}/workbench/{state}":                 {may: "po", object: "state"},
	"GET /{lang}/workbench/{state}/{clause}/{year}":  {may: "apo", object: "state", fill: map[string]string{"clause": "WMA-ICOME-2022:40", "year": "2026"}},
	"POST /{lang}/workbench/{state}/{clause}/{year}": {may: "apo", object: "state", fill: map[string]string{"clause": "WMA-ICOME-2022:40", "year": "2026"}},

	"GET /{lang}/today":                       {may: signedIn},
	"GET /{lang}/inbox":                       {may: ofReports},
	"POST /{lang}/inbox":                      {may: "tco"},
	"POST /{lang}/inbox/find":                 {may: ofReports, code: 200},
	"POST /{lang}/inbox/looking":              {may: ofReports},
	"GET /{lang}/reports/new":                 {may: "tco"},
	"POST /{lang}/reports/new":                {may: "tco"},
	"GET /{lang}/reports/{id}":                {may: ofReports, object: "report"},
	"GET /{lang}/reports/{id}/files/{number}": {may: ofReports, object: "report", fill: map[string]string{"number": "1"}, code: 404}, // no picture
	"POST /{lang}/reports/{id}/incident":      {may: "co", object: "report"},
	"GET /export/reports/{id}/{number}":       {may: ofReports, object: "report", fill: map[string]string{"number": "1"}},

	"GET /{lang}/notices":           {may: signedIn},
	"POST /{lang}/notices":          {may: signedIn},
	"POST /{lang}/notices/calendar": {may: signedIn, makes: true},
	"GET /calendar/{file}":          {may: anybody, fill: map[string]string{"file": "none.ics"}, code: 404},

	"GET /{lang}/sign-in":                {may: anybody, code: 303, codes: map[rune]int{'n': 200}},
	"POST /{lang}/sign-in":               {may: anybody},
	"GET /{lang}/sign-in/again":          {may: signedIn},
	"POST /{lang}/sign-in/again":         {may: signedIn},
	"GET /{lang}/sign-in/link/{token}":   {may: anybody, fill: map[string]string{"token": "none"}},
	"POST /{lang}/sign-in/link/{token}":  {may: anybody, fill: map[string]string{"token": "none"}},
	"POST /{lang}/sign-in/passkey/begin": {may: anybody, code: 200},
	"POST /{lang}/sign-in/passkey":       {may: anybody},
	"POST /{lang}/account/passkey/begin": {may: signedIn, code: 200, codes: map[rune]int{'o': 403}},
	"POST /{lang}/account/passkey":       {may: signedIn},
	"POST /{lang}/sign-out":              {may: anybody},
	"GET /{lang}/join/{token}":           {may: anybody, fill: map[string]string{"token": "none"}, code: 404},
	"POST /{lang}/join/{token}":          {may: anybody, fill: map[string]string{"token": "none"}},

	"GET /{lang}/account":                    {may: signedIn, codes: map[rune]int{'o': 303}},
	"POST /{lang}/account":                   {may: signedIn},
	"POST /{lang}/account/travel-lock":       {may: signedIn, makes: true},
	"GET /{lang}/account/first":              {may: "mo", code: 404}, // somebody has an account
	"POST /{lang}/account/first":             {may: "mo"},
	"GET /{lang}/people":                     {may: "mo"},
	"POST /{lang}/people":                    {may: "mo"},
	"GET /{lang}/people/{account}":           {may: "mo", object: "account"},
	"POST /{lang}/people/{account}":          {may: "mo", object: "account"},
	"GET /{lang}/people/{account}/handover":  {may: "mo", object: "account"},
	"POST /{lang}/people/{account}/handover": {may: "mo", object: "account"},
	"GET /{lang}/people/locked":              {may: "tcvaprmo"},
	"POST /{lang}/people/locked":             {may: "tcvaprmo"},
}
