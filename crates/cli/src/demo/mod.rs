//! `chengxin demo`: everything once, with a made-up city, and at each step what happened and where to look.

mod files;
mod folder;
mod forge;
mod people;
mod proof;

use std::net::TcpListener;
use std::path::Path;

use chengxin_app::installation::NewInstallation;
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_app::{Installation, Mode};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Lang, Role, Standing};
use chengxin_seal::Profile;
use chengxin_synth::{Manifest, Sample, SamplePart};
use serde_json::json;

use crate::args::Demo;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};
use crate::quality::thousands;
use crate::report::Form;
use crate::{init, report, serve, synth};
use folder::Folder;

/// How many steps there are, for "3/7".
const STEPS: usize = 7;

pub(crate) fn demo(context: &Context, args: &Demo) -> Result<Exit, Failure> {
    let out = &context.out;
    let began = context.clock().now_us();
    let folder = Folder::make(context.globals.dir.as_deref())?;
    let listener = if args.no_serve { None } else { Some(serve::listen_near(args.listen)?) };
    let address = address(args, listener.as_ref())?;
    welcome(out, &folder);

    let manifest = city(context, args, &folder)?;
    let mut installation = installation(context, &folder, &manifest, &address)?;
    let worst = files::worst(&manifest);
    let shown = files::import_all(out, &mut installation, &manifest, &folder, worst)?;
    if let Some((entry, request, outcome)) = &shown {
        files::look_closely(out, &installation, &folder, entry, request, outcome)?;
    }
    let report = resident(out, &mut installation, &manifest, &folder)?;
    proof::show(out, &installation, &folder, &report)?;
    let looked_at = shown.as_ref().map(|(entry, ..)| entry);
    people::begin(out, &mut installation, &manifest, somebody(&manifest), looked_at)?;
    let took = (context.clock().now_us() - began) / 1_000_000;
    farewell(out, &folder, &report, took, args.no_serve);
    match listener {
        None => Ok(Exit::Done),
        Some(listener) => serve::open(context, installation, listener, None, chengxin_web::Rate::default()),
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
        places: None,
    };
    let operator = Caller::operator("demo-administrator", "演示");
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
        standing: Standing::Console,
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
        purpose: "演示报送".to_owned(),
        ground: Ground::Duty("state-council-2020-49#sec-2".to_owned()),
        standing: Standing::Console,
    }
}
