package document

import (
	"fmt"
	"strings"
)

// sampleWords is what the sample says in one language.
type sampleWords struct {
	lang                                     string
	rtl                                      bool
	head, title, lead, strip, section, mixed string
	quote, note, caption, link, page, digits string
	labels                                   [3]string
	columns                                  [4]string
	place, unknown                           string
	items                                    [3]string
}

var samples = []sampleWords{
	{"en", false, "Ward · Arcadia · draft", "Attacks on health care in Arcadia, 2023", "In 2023 at least 41 incidents are on record; what they add up to is not known for 7 of 12 provinces.",
		"Invented data: nothing here happened.", "What happened", "The ministry (وزارت بهداشت) says 12 people were hurt; WHO 2023 counts 15, and the office “Azadi” (دفتر آزادی ۱۴۰۲) none. See the register at: ",
		"They asked for a list of names. We did not give it.", "Source: invented register, read on 22 November 2026.", "Findings by clause", "the open register", "Page %s of %s", "0123456789",
		[3]string{"Incidents", "Health workers killed", "Facilities damaged"}, [4]string{"Clause", "Place", "Incidents", "Level"}, "Northern province, district ", "not known",
		[3]string{"Doors are forced while patients are treated.", "Ambulances are held at checkpoints for hours, sometimes for days, and crews are questioned about whom they carried, where to, and on whose order.", "Records are taken."}},
	{"fa", true, "وارد · آرکادیا · پیش‌نویس", "حمله به مراقبت‌های درمانی در آرکادیا، ۲۰۲۳", "در سال ۲۰۲۳ دست‌کم ۴۱ رویداد ثبت شده است؛ برای ۷ استان از ۱۲ استان نمی‌دانیم جمع آن‌ها چقدر است.",
		"دادهٔ ساختگی: هیچ‌یک از این‌ها رخ نداده است.", "چه رخ داد", "سازمان جهانی بهداشت (WHO 2023) می‌گوید ۱۲ نفر زخمی شدند و 15 نفر بازداشت؛ دفتر Azadi Health Network, Inc. در ۱۴۰۲/۰۳/۱۵ چیزی ننوشت (نگاه کنید به SHCC 2022). نشانی: ",
		"از ما فهرست نام‌ها را خواستند. ندادیم.", "منبع: دفتر ساختگی، خوانده‌شده در ۱ آذر ۱۴۰۵.", "یافته‌ها بند به بند", "دفتر باز", "صفحهٔ %s از %s", "۰۱۲۳۴۵۶۷۸۹",
		[3]string{"رویدادها", "کارکنان کشته‌شدهٔ درمان", "مراکز آسیب‌دیده"}, [4]string{"بند", "جا", "رویدادها", "درجه"}, "استان شمالی، بخش ", "نمی‌دانیم",
		[3]string{"هنگام درمان بیماران درها را می‌شکنند.", "آمبولانس‌ها ساعت‌ها و گاه روزها در ایست‌های بازرسی نگه داشته می‌شوند و از خدمهٔ آن‌ها می‌پرسند چه کسی را، به کجا و به دستور چه کسی برده‌اند.", "پرونده‌ها را می‌برند."}},
	{"ar", true, "وارد · أركاديا · مسودة", "الاعتداءات على الرعاية الصحية في أركاديا، ٢٠٢٣", "في عام ٢٠٢٣ سُجِّل ما لا يقل عن ٤١ حادثًا؛ ولا نعلم مجموعها في ٧ محافظات من أصل ١٢.",
		"بيانات مختلقة: لم يحدث شيء من هذا.", "ما الذي حدث", "تقول منظمة الصحة العالمية (WHO 2023) إن ١٢ شخصًا أُصيبوا وإن 15 اعتُقلوا؛ الأطباء لا يعلمون الآلات. العنوان: ",
		"طلبوا منا قائمة بالأسماء فلم نعطها.", "المصدر: سجل مختلق.", "النتائج بندًا بندًا", "السجل المفتوح", "صفحة %s من %s", "٠١٢٣٤٥٦٧٨٩",
		[3]string{"الحوادث", "القتلى من العاملين", "المرافق المتضررة"}, [4]string{"البند", "المكان", "الحوادث", "الدرجة"}, "المحافظة الشمالية، ناحية ", "لا نعلم",
		[3]string{"تُكسر الأبواب أثناء علاج المرضى.", "تُحتجز سيارات الإسعاف ساعات عند الحواجز.", "تُؤخذ السجلات."}},
	{"uk", false, "Ward · Аркадія · чернетка", "Напади на охорону здоров’я в Аркадії, 2023", "У 2023 році зафіксовано щонайменше 41 випадок; для 7 із 12 областей сума невідома.",
		"Вигадані дані: нічого з цього не сталося.", "Що сталося", "Міністерство повідомляє про 12 поранених; ґанок лікарні, її під’їзд і їдальню зруйновано. Адреса: ",
		"У нас просили список імен. Ми його не дали.", "Джерело: вигаданий реєстр.", "Висновки за пунктами", "відкритий реєстр", "Сторінка %s з %s", "0123456789",
		[3]string{"Випадки", "Загиблі медики", "Пошкоджені заклади"}, [4]string{"Пункт", "Місце", "Випадки", "Рівень"}, "Північна область, район ", "невідомо",
		[3]string{"Двері виламують під час лікування.", "Швидкі годинами стоять на блокпостах.", "Записи забирають."}},
	{"tr", false, "Ward · Arkadya · taslak", "Arkadya’da sağlık hizmetlerine saldırılar, 2023", "2023’te en az 41 olay kayıtlı; 12 ilin 7’sinde toplam bilinmiyor.",
		"Uydurma veriler: hiçbiri yaşanmadı.", "Ne oldu", "Bakanlık 12 yaralı olduğunu söylüyor; ığüşöç İĞÜŞÖÇ. Adres: ",
		"Bizden isim listesi istediler. Vermedik.", "Kaynak: uydurma kayıt.", "Maddelere göre bulgular", "açık kayıt", "Sayfa %s / %s", "0123456789",
		[3]string{"Olaylar", "Öldürülen sağlık çalışanları", "Hasarlı tesisler"}, [4]string{"Madde", "Yer", "Olay", "Düzey"}, "Kuzey ili, ilçe ", "bilinmiyor",
		[3]string{"Hastalar tedavi edilirken kapılar kırılıyor.", "Ambulanslar saatlerce bekletiliyor.", "Kayıtlar alınıyor."}},
}

func (w sampleWords) number(n int) string {
	digits := []rune(w.digits)
	var b strings.Builder
	for _, d := range fmt.Sprint(n) {
		b.WriteRune(digits[d-'0'])
	}
	return b.String()
}

// document is a report like those that are printed: every kind of block, a table over pages.
func (w sampleWords) document(rows int) Document {
	table := Table{Caption: T(w.caption)}
	for _, c := range w.columns {
		table.Head = append(table.Head, Cell{Text: T(c)})
	}
	levels := []Cell{{Text: T("F1"), Fill: "#f6dfb4"}, {Text: T("F4"), Fill: "#8c2a20"}, {Text: T(w.unknown), Hatch: true}, {Text: T("N1"), Fill: "#e3ecea"}, {Text: nil, Hatch: true}}
	for i := range rows {
		table.Rows = append(table.Rows, []Cell{{Text: T(fmt.Sprintf("GC4-%d", i+1))}, {Text: T(w.place + w.number(i+1))}, {Text: T(w.number(i * 37)), Num: true}, levels[i%len(levels)]})
	}
	link := Span{Text: w.link, Href: "https://example.org/register"}
	return Document{Title: w.title, Lang: w.lang, RTL: w.rtl, Head: w.head, Foot: w.title,
		Number: func(page, of int) string { return fmt.Sprintf(w.page, w.number(page), w.number(of)) },
		Blocks: []Block{
			Paragraph{Text: T(w.strip), Look: Strip},
			Heading{1, T(w.title)},
			Paragraph{Text: T(w.lead), Look: Lead},
			Facts{{w.labels[0], w.number(41), w.unknown}, {w.labels[1], w.number(7), ""}, {w.labels[2], w.number(1203), w.note}},
			Heading{2, T(w.section)},
			Paragraph{Text: append(T(w.mixed), link, Span{Text: ". "}, Span{Text: w.items[1], Bold: true}, Span{Text: " " + w.items[1], Soft: true})},
			Paragraph{Text: T(w.quote), Look: Quote},
			List{Items: []Text{T(w.items[0]), T(w.items[1]), T(w.items[2])}},
			List{Items: []Text{T(w.items[2]), T(w.items[1])}, Ordered: true, Number: w.number},
			Paragraph{Text: T(w.note), Look: Note},
			Rule{},
			Heading{2, T(w.caption)},
			table,
			PageBreak{},
			Heading{3, T(w.section)},
			Paragraph{Text: T(strings.Repeat(w.mixed, 12))},
		}}
}
