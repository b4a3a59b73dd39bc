package web
import ("testing";"os";"ward/desk";"ward/store/storetest";"path/filepath";"bytes")
func TestZZ(t *testing.T){
 dir:=t.TempDir()
 d,err:=desk.Open(ctx, desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
 if err!=nil {t.Fatal(err)}
 h:=pagesOf(t,d)
 for _,n:=range []string{"ward.db","ward.db-wal"} {
  p:=filepath.Join(dir,n); info,_:=os.Stat(p); if info==nil {continue}
  f,_:=os.OpenFile(p,os.O_WRONLY,0); f.WriteAt(bytes.Repeat([]byte{0x5a},int(info.Size())),0); f.Close(); t.Log(n,info.Size())
 }
 for _,p:=range []string{"/en/log","/en/incidents","/en/ledger","/fa/"} { w:=get(t,h,p); t.Log(p,w.Code, d.Standing(ctx)) }
}
