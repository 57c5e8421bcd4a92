//! `chengxin demo`: everything once, with a made-up city, and at each step what happened and where to look.

mod folder;
mod forge;

use std::net::TcpListener;
use std::path::Path;

use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportOutcome, ImportRequest, Silent};
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_app::{Installation, Mode};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Lang, Role};
use chengxin_seal::Profile;
use chengxin_synth::{Fault, FileEntry, Manifest, Sample, SamplePart};
use serde_json::json;

use crate::args::Demo;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};
use crate::quality::{Detail, thousands};
use crate::report::Form;
use crate::table::Table;
use crate::{import, init, quality, report, serve, synth, verify};
use folder::Folder;

/// How many steps there are, for "3/6".
const STEPS: usize = 6;

pub(crate) fn demo(context: &Context, args: &Demo) -> Result<Exit, Failure> {
    let out = &context.out;
    let began = context.clock().now_us();
    let folder = Folder::make(context.globals.dir.as_deref())?;
    let listener = if args.no_serve { None } else { Some(serve::listen_near(args.listen)?) };
    let address = address(args, listener.as_ref())?;
    welcome(out, &folder);

    let manifest = city(context, args, &folder)?;
    let mut installation = installation(context, &folder, &manifest, &address)?;
    let worst = worst_file(&manifest);
    let shown = files(out, &mut installation, &manifest, &folder, worst)?;
    if let Some((entry, request, outcome)) = shown {
        bad_file(out, &installation, &folder, &entry, &request, &outcome)?;
    }
    let report = resident(out, &mut installation, &manifest, &folder)?;
    forgeries(out, &installation, &folder, &report)?;
    let took = (context.clock().now_us() - began) / 1_000_000;
    farewell(out, &folder, &report, took, args.no_serve);
    match listener {
        None => Ok(Exit::Done),
        Some(listener) => serve::run(context, installation, listener),
    }
}

fn address(args: &Demo, listener: Option<&TcpListener>) -> Result<String, Failure> {
    let at = match listener {
        Some(listener) => listener.local_addr().map_err(|error| serve::no_address(args.listen, &error))?,
        None => args.listen,
    };
    Ok(format!("http://{at}"))
}

fn step(out: &Out, number: usize, zh: &str, en: &str) {
    out.line("");
    out.line(&out.look(Look::Title, &format!("{number}/{STEPS}  {}", out.pick(zh, en))));
}

fn see(out: &Out, path: &Path) {
    let text = format!("{} {}", out.pick("见", "see"), path.display());
    out.line(&format!("     {}", out.look(Look::Faint, &text)));
}

fn welcome(out: &Out, folder: &Folder) {
    out.say(
        "诚信 · 演示。其中的人、单位和案件全部是虚构的。",
        "Chengxin · a demonstration. Every person, office and case in it is made up.",
    );
    let root = folder.root.display();
    out.say(
        format!("所有文件都在 {root}，看完可以整个删除。"),
        format!("Everything is in {root}; delete it when you are done."),
    );
}

fn city(context: &Context, args: &Demo, folder: &Folder) -> Result<Manifest, Failure> {
    let out = &context.out;
    step(out, 1, "造一座虚构的城市", "Make a made-up city");
    let plan = synth::plan_of_today(args.residents, args.records, args.seed, context.clock().now_us());
    let manifest = synth::make(out, &plan, &folder.city)?;
    let faulty: u64 = manifest.files.iter().map(|file| file.rows - file.good).sum();
    let (residents, records, files) =
        (thousands(manifest.residents), thousands(manifest.records), manifest.files.len());
    let (city, offices) = (out.pick(&manifest.city, &manifest.city_en), manifest.authorities.len());
    let text = match out.lang {
        Lang::Zh => format!(
            "{city}：居民 {residents} 人，{offices} 个单位送来 {files} 个文件，共 {records} 行，其中 {faulty} 行故意有错。编码、表头和格式各不相同，和真实报送一样。"
        ),
        Lang::En => format!(
            "{city}: {residents} residents; {offices} offices send {files} files of {records} rows, {faulty} of them wrong on purpose. Encodings, headings and formats differ, as they do in life."
        ),
    };
    out.paragraph(5, &text);
    see(out, &folder.city.join("manifest.json"));
    out.value(
        &json!({ "step": "city", "dir": folder.city, "files": files, "records": manifest.records, "faulty": faulty }),
    );
    Ok(manifest)
}

fn installation(
    context: &Context,
    folder: &Folder,
    manifest: &Manifest,
    address: &str,
) -> Result<Installation, Failure> {
    let out = &context.out;
    step(out, 2, "新建安装", "Make an installation");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: manifest.city.clone(),
        place: init::SYNTHETIC_PLACE.to_owned(),
        base_url: address.to_owned(),
    };
    let operator = Caller::operator("demo-administrator", "demonstration");
    let installation = init::make(context, &folder.data, &new, &operator)?;
    let items = installation.catalogue().items().len();
    out.paragraph(
        5,
        &match out.lang {
            Lang::Zh => format!("数据库、密钥库和密钥文件已建好；目录有 {items} 个事项，每一项都写明法律依据；{} 个单位已登记。", manifest.authorities.len()),
            Lang::En => format!("Database, key store and key file are made; the catalogue has {items} items, each with its legal basis; {} offices are registered.", manifest.authorities.len()),
        },
    );
    see(out, &folder.data);
    out.value(&json!({ "step": "installation", "dir": folder.data, "items": items }));
    Ok(installation)
}

/// The file whose quality report has the most to say: of the penalties, which need everything, the one with the most
/// kinds of faults, a column that the catalogue does not have among them if there is one.
fn worst_file(manifest: &Manifest) -> Option<usize> {
    let stray = |file: &FileEntry| file.faults.contains_key(&Fault::UnknownColumn);
    let kinds = |file: &FileEntry| (file.item == "penalty", stray(file), file.faults.len(), file.rows - file.good);
    manifest.files.iter().enumerate().max_by_key(|(_, file)| kinds(file)).map(|(at, _)| at)
}

type Shown = (FileEntry, ImportRequest, ImportOutcome);

/// Imports every file, and has what waits released by a second officer; answers with the one to be looked at closely.
fn files(
    out: &Out,
    installation: &mut Installation,
    manifest: &Manifest,
    folder: &Folder,
    worst: Option<usize>,
) -> Result<Option<Shown>, Failure> {
    step(
        out,
        3,
        "导入各单位的文件，由第二名审核人放行",
        "Import the offices' files; a second officer releases what is adverse to people",
    );
    let mut table = Table::new(&match out.lang {
        Lang::Zh => ["文件", ">行", ">新增", ">相同或重复", ">退回", ">待核实", ">放行"],
        Lang::En => ["file", ">rows", ">new", ">same or repeated", ">refused", ">held", ">released"],
    });
    let mut shown = None;
    let mut total = [0_u64; 6];
    for (at, entry) in manifest.files.iter().enumerate().filter(|(_, e)| !e.path.ends_with("jsonl")) {
        let request = ImportRequest {
            authority: entry.authority.clone(),
            item: Some(entry.item.clone()),
            file: folder.city.join(&entry.path),
            ..ImportRequest::default()
        };
        let sender = officer(Role::DataOfficer, &entry.authority);
        let outcome = installation
            .submission_import(&sender, &request, &mut Silent)
            .map_err(|error| Failure::from(error).about(&request.file))?;
        let released = match outcome.quality.submission {
            Some(id) if outcome.quality.needs_release => {
                installation.submission_release(&officer(Role::Decider, &entry.authority), id)?;
                outcome.quality.counts.awaiting_release
            }
            _ => 0,
        };
        let c = outcome.quality.counts;
        let numbers = [c.rows, c.new + c.changed, c.unchanged + c.repeated, c.refused, c.held, released];
        for (sum, number) in total.iter_mut().zip(numbers) {
            *sum += number;
        }
        let name = entry.path.trim_start_matches("files/").to_owned();
        out.value(&json!({ "step": "import", "file": entry.path, "counts": c, "released": released }));
        table.row(std::iter::once(name).chain(numbers.map(thousands)));
        if Some(at) == worst {
            shown = Some((entry.clone(), request, outcome));
        }
    }
    table.row(std::iter::once(out.pick("合计", "in all").to_owned()).chain(total.map(thousands)));
    table.print(out, 5);
    Ok(shown)
}

fn bad_file(
    out: &Out,
    installation: &Installation,
    folder: &Folder,
    entry: &FileEntry,
    request: &ImportRequest,
    outcome: &ImportOutcome,
) -> Result<(), Failure> {
    step(out, 4, "细看一个有错的文件：它的质量报告", "Look closely at a file with faults: its quality report");
    out.line("");
    quality::print(out, &outcome.quality, Detail::Full);
    let sender = officer(Role::DataOfficer, &entry.authority);
    let written = import::write(installation, &sender, request, outcome, &folder.quality, out)?;
    out.line("");
    for path in &written {
        see(out, path);
    }
    out.value(&json!({ "step": "quality", "file": entry.path, "quality": outcome.quality, "written": written }));
    Ok(())
}

fn resident(
    out: &Out,
    installation: &mut Installation,
    manifest: &Manifest,
    folder: &Folder,
) -> Result<IssuedReport, Failure> {
    step(out, 5, "一位居民取自己的信用报告", "A resident gets their own report");
    let sample = somebody(manifest).ok_or_else(|| Failure::new(Exit::Internal, "城里没有人", "the city has nobody"))?;
    let subject = Caller {
        actor: sample.name.clone(),
        role: Role::Resident,
        authority: None,
        purpose: out.pick("查看自己的记录", "see my own records").to_owned(),
        ground: Ground::OwnRight,
    };
    let request = ReportRequest {
        document_kind: DocumentKind::ResidentId,
        number: sample.number.clone(),
        name: Some(sample.name.clone()),
        recipient: out.pick("本人", "the subject").to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: out.lang,
    };
    let issued = installation.report_issue(&subject, &request)?;
    let pdf = folder.report.join("report.pdf");
    let json = folder.report.join("report.json");
    let mut written = report::write(&issued, &pdf, Form::Pdf)?;
    written.extend(report::write(&issued, &json, Form::Json)?);
    let trust = folder.report.join("trust.json");
    std::fs::write(&trust, installation.trust_list_json()).map_err(|error| Failure::io(&trust, &error))?;
    let (name, entries, pages) = (&sample.name, issued.content.entry_count(), issued.pages);
    out.paragraph(
        5,
        &match out.lang {
            Lang::Zh => format!("{name}：{entries} 条可展示的记录，{pages} 页；每条写明单位、文书号、依据、停止展示日和异议、修复办法。没有评分，没有等级。"),
            Lang::En => format!("{name}: {entries} records may be shown, on {pages} pages, each with authority, document number, legal basis, the day it stops being shown, and how to contest or repair it. No score, no grade."),
        },
    );
    for path in &written {
        see(out, path);
    }
    out.value(
        &json!({ "step": "report", "report": issued.number, "entries": entries, "pages": pages, "written": written }),
    );
    Ok(issued)
}

fn somebody(manifest: &Manifest) -> Option<&Sample> {
    let part = |part| manifest.residents_sample.iter().find(move |sample| sample.part == part);
    part(SamplePart::SeveralKinds).or_else(|| manifest.residents_sample.first())
}

fn forgeries(out: &Out, installation: &Installation, folder: &Folder, issued: &IssuedReport) -> Result<(), Failure> {
    step(
        out,
        6,
        "核验：原件、改动过的、改动后重新签名的",
        "Verify: the original, an altered copy, and one signed again",
    );
    let anybody = Caller {
        actor: "anybody".to_owned(),
        role: Role::Public,
        authority: None,
        purpose: "verify a report".to_owned(),
        ground: Ground::OwnRight,
    };
    let signature = issued.pdf_signature.as_bytes();
    let pdf = forge::altered_pdf(&issued.pdf);
    let json = forge::altered_json(&issued.json)?;
    let again = forge::signed_again(&issued.json, Profile::Intl)?;
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.report.join(name);
        std::fs::write(&path, bytes).map(|()| path.clone()).map_err(|error| Failure::io(&path, &error))
    };
    let pdf_path = put("altered.pdf", &pdf)?;
    put("altered.pdf.sig", signature)?;
    let cases: [(&str, &str, &[u8], Option<&[u8]>, std::path::PathBuf); 4] = [
        ("原件", "the original", &issued.pdf, Some(signature), folder.report.join("report.pdf")),
        ("改动了 PDF 的一个字节", "one byte of the PDF changed", &pdf, Some(signature), pdf_path),
        (
            "删去全部记录，签名照旧",
            "all records taken out, the signature left",
            json.as_bytes(),
            None,
            put("altered.json", json.as_bytes())?,
        ),
        (
            "删去全部记录，用自己的密钥重新签名",
            "all records taken out, signed again with the forger's key",
            again.as_bytes(),
            None,
            put("signed-again.json", again.as_bytes())?,
        ),
    ];
    for (zh, en, file, signature, path) in cases {
        let verdict = installation.report_verify(&anybody, file, signature)?;
        let good = verify::ended(&verdict) == Exit::Done;
        let mark = out.look(if good { Look::Good } else { Look::Bad }, if good { "✓" } else { "✕" });
        out.line(&format!("     {mark} {}", out.pick(zh, en)));
        out.paragraph(7, out.tr(&verdict.say));
        out.value(&json!({ "step": "verify", "file": path, "case": en, "verdict": verdict }));
    }
    let trust = folder.report.join("trust.json");
    let (file, trust) = (folder.report.join("report.pdf"), trust.display().to_string());
    let command = format!("{} verify {} --trust {trust}", program(), file.display());
    out.line(&format!("     {} {command}", out.pick("自己试：", "try it:")));
    Ok(())
}

fn farewell(out: &Out, folder: &Folder, issued: &IssuedReport, seconds: i64, ends: bool) {
    out.line("");
    let root = folder.root.display();
    out.say(format!("演示用时 {seconds} 秒。"), format!("The demonstration took {seconds} s."));
    out.value(&json!({
        "step": "done", "dir": folder.root, "seconds": seconds, "verify_url": issued.verify_url, "extract_code": issued.extract_code,
    }));
    if ends {
        let (data, program) = (folder.data.display(), program());
        out.say(
            format!("继续看：{program} --dir {data} serve，或 {program} --dir {data} submission list。删除 {root} 即清除全部。"),
            format!("Go on: {program} --dir {data} serve, or {program} --dir {data} submission list. Delete {root} to be rid of it."),
        );
        return;
    }
    out.say(
        format!("报告二维码指向  {}", issued.verify_url),
        format!("The report's QR code leads to  {}", issued.verify_url),
    );
    out.say(
        format!("提取码          {}", issued.extract_code),
        format!("extract code                   {}", issued.extract_code),
    );
}

/// The programme by the name that it was called by, so that what is printed can be typed.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "chengxin".to_owned())
}

fn officer(role: Role, authority: &str) -> Caller {
    Caller {
        actor: format!("demo-{}", role.code()),
        role,
        authority: Some(authority.to_owned()),
        purpose: "demonstration".to_owned(),
        ground: Ground::Duty("state-council-2020-49#sec-2".to_owned()),
    }
}
