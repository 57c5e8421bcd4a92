//! The texts of the pages, from Fluent files in `locales/`, one folder a language, compiled in.
//!
//! A page never holds a text of its own: a test looks through the templates. What `core` and `app` compose comes as [`chengxin_core::Say`] and
//! stays there, beside the rule that it is about.

use std::borrow::Cow;
use std::sync::LazyLock;

use chengxin_core::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// Chinese, file by file.
const ZH: [&str; 7] = [
    include_str!("../locales/zh-CN/public.ftl"),
    include_str!("../locales/zh-CN/frame.ftl"),
    include_str!("../locales/zh-CN/me.ftl"),
    include_str!("../locales/zh-CN/desk.ftl"),
    include_str!("../locales/zh-CN/proceeding.ftl"),
    include_str!("../locales/zh-CN/office.ftl"),
    include_str!("../locales/zh-CN/publication.ftl"),
];
/// English, in the same order.
const EN: [&str; 7] = [
    include_str!("../locales/en/public.ftl"),
    include_str!("../locales/en/frame.ftl"),
    include_str!("../locales/en/me.ftl"),
    include_str!("../locales/en/desk.ftl"),
    include_str!("../locales/en/proceeding.ftl"),
    include_str!("../locales/en/office.ftl"),
    include_str!("../locales/en/publication.ftl"),
];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| [bundle("zh-CN", ZH), bundle("en", EN)]);

fn bundle(tag: &str, files: [&str; 7]) -> Bundle {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Marks of direction would stand in what people copy; what is put into a sentence is short and ours.
    bundle.set_use_isolating(false);
    for file in files {
        // What cannot be read of a file is left out of it; a test reads them all without a fault.
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A text by its key. Where there is none the key stands there, and a test fails.
pub(crate) fn text(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    let bundle = match lang {
        Lang::Zh => &BUNDLES[0],
        Lang::En => &BUNDLES[1],
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "a text is missing");
        return key.to_owned();
    };
    let mut values = FluentArgs::new();
    for (name, value) in args {
        // A count chooses between one and many.
        match value.parse::<u32>() {
            Ok(number) if *name == "count" => values.set(*name, number),
            _ => values.set(*name, value.as_str()),
        }
    }
    let mut faults = Vec::new();
    let text: Cow<'_, str> = bundle.format_pattern(pattern, Some(&values), &mut faults);
    if !faults.is_empty() {
        tracing::error!(key, ?faults, "a text lacks what it needs");
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use super::*;

    /// Keys of the files of a language, each with the names that its text takes.
    fn keys(files: [&str; 7]) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for file in files {
            FluentResource::try_new(file.to_owned()).expect("a file of texts reads without a fault");
            let mut last = String::new();
            for line in file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
                if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                    last = key.to_owned();
                    assert!(keys.insert(last.clone(), BTreeSet::new()).is_none(), "{last} stands twice");
                }
                let names = line.split('$').skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>()
                });
                keys.get_mut(&last).unwrap().extend(names);
            }
        }
        keys
    }

    fn files(folder: &str, kind: &str) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|of| of == kind) {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.push((path, text));
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_texts_that_take_the_same() {
        assert_eq!(keys(ZH), keys(EN));
        assert!(keys(ZH).len() > 100);
    }

    #[test]
    fn every_text_that_a_page_names_is_there_and_every_text_is_named() {
        let known = keys(ZH);
        let sources: Vec<_> = files("templates", "html").into_iter().chain(files("src", "rs")).collect();
        let mut named = BTreeSet::new();
        for (path, text) in &sources {
            for call in [".m(\"", ".m1(\"", ".m2(\"", ".wrong(\""] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(known.contains_key(key) || path.ends_with("texts.rs"), "{}: no text {key}", path.display());
                }
            }
            // Some keys stand in tables.
            named.extend(known.keys().filter(|key| text.contains(&format!("\"{key}\""))).cloned());
        }
        let never: Vec<_> = known.keys().filter(|key| !named.contains(*key)).collect();
        assert!(never.is_empty(), "texts that no page names: {never:?}");
    }

    /// What of a template a reader would see, or hear: what stands between its marks, and in attributes that are read out.
    fn seen(template: &str) -> String {
        let (mut seen, mut rest) = (String::new(), template);
        while let Some(at) = rest.find(['{', '<']) {
            seen.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = match rest.get(..2) {
                Some("{{") => "}}",
                Some("{%") => "%}",
                Some("{#") => "#}",
                // Commands and names are the same in every language.
                _ if rest.starts_with("<pre>") => "</pre>",
                _ if rest.starts_with("<code>") => "</code>",
                _ if rest.starts_with('<') => ">",
                _ => "{",
            };
            let skipped = rest.find(end).map_or(rest.len(), |at| at + end.len());
            let tag = &rest[..skipped];
            for name in ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\""] {
                if let Some(value) = tag.starts_with('<').then(|| tag.split(name).nth(1)).flatten() {
                    seen.push_str(value.split("{{").next().unwrap().split('"').next().unwrap());
                }
            }
            rest = &rest[skipped..];
        }
        seen + rest
    }

    #[test]
    fn no_template_holds_a_text_of_its_own() {
        for (path, template) in files("templates", "html") {
            // A file of its own, that stands beside the refused rows on somebody's disk.
            if path.ends_with("quality.html") {
                continue;
            }
            let own: String = seen(&template).chars().filter(|c| c.is_alphabetic()).collect();
            let own = own.replace("SHA", "").replace("OpenAPI", "").replace("JSON", "").replace("PDF", "");
            assert!(own.is_empty(), "{}: {own}", path.display());
        }
        assert_eq!(seen("<p>{{ f.m(\"x\") }} words</p>{% if a %}<b title=\"more\">{% endif %}").trim(), "wordsmore");
    }

    #[test]
    fn one_and_many_are_told_apart() {
        let of = |count: &str| text(Lang::En, "count-records", &[("count", count.to_owned())]);
        assert_eq!((of("1").as_str(), of("2").as_str()), ("1 record", "2 records"));
    }
}
