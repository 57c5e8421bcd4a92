//! Columns that items other than licences and penalties share: the party, and where a row comes from.

/// Columns of an item about persons alone.
macro_rules! of_persons {
    ($($own:expr),* $(,)?) => {
        &[
            column("XDR_MC", "信用主体名称", "姓名", Part::Name),
            column("XDR_LB", "信用主体类别", "主体类别", Part::SubjectKind),
            column("XDR_ZJLX", "证件类型", "身份证件类型", Part::DocumentKind),
            column("XDR_ZJHM", "证件号码", "身份证号", Part::Number),
            $($own,)*
            optional("SJC", "时间戳", "更新时间", Part::SourceTime),
            optional("BZ", "备注", "备注信息", Part::Plain),
        ]
    };
}

/// Columns of an item about companies alone.
macro_rules! of_companies {
    ($($own:expr),* $(,)?) => {
        &[
            column("XDR_MC", "信用主体名称", "企业名称", Part::Name),
            column("XDR_LB", "信用主体类别", "主体类型", Part::SubjectKind),
            column("XDR_SHXYM", "统一社会信用代码", "信用代码", Part::Uscc),
            $($own,)*
            optional("SJC", "时间戳", "更新时间", Part::SourceTime),
            optional("BZ", "备注", "备注信息", Part::Plain),
        ]
    };
}

/// Columns of an item about anybody.
macro_rules! of_all {
    ($($own:expr),* $(,)?) => {
        &[
            column("XDR_MC", "信用主体名称", "主体名称", Part::Name),
            column("XDR_LB", "信用主体类别", "主体类别", Part::SubjectKind),
            column("XDR_ZJLX", "证件类型", "自然人证件类型", Part::DocumentKind),
            column("XDR_ZJHM", "证件号码", "身份证号码", Part::Number),
            column("XDR_SHXYM", "统一社会信用代码", "社会信用代码", Part::Uscc),
            $($own,)*
            optional("SJC", "时间戳", "更新时间", Part::SourceTime),
            optional("BZ", "备注", "备注信息", Part::Plain),
        ]
    };
}
