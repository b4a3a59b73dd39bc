package web
import ("testing";"net/http";"os";"fmt";"time")
func TestZZLook(t *testing.T){
 if os.Getenv("LOOK")=="" {t.Skip()}
 d,id:=evaluated(t); h:=pagesOf(t,d); s:=sender{h}
 page:="/en/evaluations/"+id
 fillEvaluation(t,s,page)
 os.WriteFile("/tmp/e/id",[]byte(id),0o600)
 go http.ListenAndServe("127.0.0.1:7791", h)
 fmt.Println(id)
 time.Sleep(20*time.Minute)
}
