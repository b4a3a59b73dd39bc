package audit
import ("testing";"time";"fmt";"ward/policy")
func TestZZ(t *testing.T){
 for _,n:=range []int{2000,4000,8000}{
 rows:=[]Row{stepRow(StepFrozen,"2023-01-10")}
 for i:=0;i<n;i++{ rows=append(rows,level(F2,fmt.Sprint("p",i),on("2023-02-01")),panelist(fmt.Sprint("q",i),F2,"2023-02-03"))}
 for i:=0;i<n;i++{ d:=time.Date(2023,3,1,0,0,0,0,time.UTC).AddDate(0,0,i%3000).Format(time.DateOnly); rows=append(rows,stepRow(StepDraft,d,func(r *Row){r.Note=fmt.Sprint(i)}))}
 for i:=range rows{rows[i].State=us}
 s:=time.Now(); _,err:=Build(Input{State:us,From:2022,To:2022,Incidents:oneProbable(t),Rows:rows},policy.Load()); t.Log(n,time.Since(s),err)
 // many conflicts/replies, all years
 rows=nil
 for i:=0;i<n*10;i++{ rows=append(rows,Row{State:us,Kind:KindStep,Value:StepDraft,Date:"2023-02-01",Coder:fmt.Sprint("c",i)})}
 s=time.Now(); _,err=Build(Input{State:us,From:1950,To:2022,Incidents:oneProbable(t),Rows:rows},policy.Load()); t.Log("steps over all",n*10,time.Since(s),err)
 }
}
