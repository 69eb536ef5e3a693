namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>The one spelling of signs that LaTeX, Unicode and plain text write in several ways.</summary>
internal static class LatexSymbols
{
    /// <summary>Opens and closes sets, where plain braces only group.</summary>
    public const char OpenSet = '⦃';
    public const char CloseSet = '⦄';

    /// <summary>A new row of a matrix or a system.</summary>
    public const char NewRow = '⏎';

    /// <summary>A currency sign; which one is the token's unit.</summary>
    public const char Currency = '¤';

    private static readonly Dictionary<string, string> Commands = new(StringComparer.Ordinal)
    {
        ["le"] = "≤",
        ["leq"] = "≤",
        ["leqslant"] = "≤",
        ["ge"] = "≥",
        ["geq"] = "≥",
        ["geqslant"] = "≥",
        ["ne"] = "≠",
        ["neq"] = "≠",
        ["lt"] = "<",
        ["gt"] = ">",
        ["approx"] = "≈",
        ["simeq"] = "≈",
        ["sim"] = "≈",
        ["doteq"] = "≈",
        ["in"] = "∈",
        ["equiv"] = "≡",
        ["cup"] = "∪",
        ["cap"] = "∩",
        ["setminus"] = "∖",
        ["backslash"] = "∖",
        ["pm"] = "±",
        ["mp"] = "∓",
        ["cdot"] = "*",
        ["times"] = "*",
        ["ast"] = "*",
        ["bullet"] = "*",
        ["div"] = "/",
        ["colon"] = ":",
        ["mid"] = "|",
        ["vert"] = "|",
        ["lvert"] = "|",
        ["rvert"] = "|",
        ["{"] = "⦃",
        ["}"] = "⦄",
        ["lbrace"] = "⦃",
        ["rbrace"] = "⦄",
        ["langle"] = "(",
        ["rangle"] = ")",
        ["lbrack"] = "[",
        ["rbrack"] = "]",
        ["lparen"] = "(",
        ["rparen"] = ")",
        ["circ"] = "°",
        ["degree"] = "°",
        ["prime"] = "'",
        ["%"] = "%",
        ["&"] = "&",
        ["_"] = "_",
        ["to"] = "→",
        ["rightarrow"] = "→",
        ["Rightarrow"] = "→",
        ["implies"] = "→",
        ["mapsto"] = "→",
        ["ldots"] = "…",
        ["dots"] = "…",
        ["cdots"] = "…",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["|"] = "|",
        ["top"] = "⊤",
        ["intercal"] = "⊤",
        ["newline"] = "⏎",
        ["cr"] = "⏎",
    };

    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal)
    {
        ["pi"] = "π",
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["delta"] = "δ",
        ["epsilon"] = "ε",
        ["varepsilon"] = "ε",
        ["zeta"] = "ζ",
        ["eta"] = "η",
        ["theta"] = "θ",
        ["vartheta"] = "θ",
        ["iota"] = "ι",
        ["kappa"] = "κ",
        ["lambda"] = "λ",
        ["mu"] = "μ",
        ["nu"] = "ν",
        ["xi"] = "ξ",
        ["rho"] = "ρ",
        ["sigma"] = "σ",
        ["tau"] = "τ",
        ["phi"] = "φ",
        ["varphi"] = "φ",
        ["chi"] = "χ",
        ["psi"] = "ψ",
        ["omega"] = "ω",
        ["Gamma"] = "Γ",
        ["Delta"] = "Δ",
        ["Theta"] = "Θ",
        ["Lambda"] = "Λ",
        ["Sigma"] = "Σ",
        ["Phi"] = "Φ",
        ["Psi"] = "Ψ",
        ["Omega"] = "Ω",
        ["ell"] = "ℓ",
        ["infty"] = "∞",
        ["emptyset"] = "∅",
        ["varnothing"] = "∅",
        ["R"] = "ℝ",
        ["imath"] = "i",
        ["land"] = "and",
        ["wedge"] = "and",
        ["lor"] = "or",
        ["vee"] = "or",
    };

    /// <summary>Commands that only set type, spaces or sizes.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "middle",
        "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "quad", "qquad", "hline", "nonumber", "notag", "noindent",
        "mathbf", "mathit", "mathcal", "mathsf", "boldsymbol", "bm", "vec", "overrightarrow", "overleftrightarrow", "widehat", "hat", "tilde",
        "bf", "it", "rm", "em", "boxed", "fbox", "ensuremath", "angle", "triangle", "parallel", "perp", "mathord", "mathbin", "mathstrut",
        "thinspace", "enspace", "large", "Large", "normalsize", "small", "therefore", "because", "forall", "$", "!", ",", ";", ":", " ", ">",
        "(", ")", "[", "]", "-", "/", "underline",
    };

    /// <summary>Commands whose argument is words.</summary>
    private static readonly HashSet<string> Textual = new(StringComparer.Ordinal)
    {
        "text", "textbf", "textit", "textrm", "textnormal", "textup", "textsf", "texttt", "textmd", "mbox", "hbox", "mathrm", "operatorname", "emph",
        "mathtt", "textsc",
    };

    private static readonly HashSet<string> WithArguments = new(StringComparer.Ordinal)
    {
        "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "sqrt", "binom", "dbinom", "tbinom", "overline", "bar", "mathbb", "begin", "end",
        "pmod", "bmod", "not", "hspace", "vspace", "phantom", "color", "textcolor", "choose", "sum", "prod", "int", "lim", "log", "overset", "underset", "tag",
    };

    public static string? Symbol(string command) => Commands.GetValueOrDefault(command);

    public static string? Letter(string command) => Letters.GetValueOrDefault(command);

    public static bool IsIgnored(string command) => Ignored.Contains(command);

    public static bool IsTextual(string command) => Textual.Contains(command);

    public static bool IsKnown(string command) =>
        Commands.ContainsKey(command) || Letters.ContainsKey(command) || Ignored.Contains(command) || Textual.Contains(command)
        || WithArguments.Contains(command) || FunctionNames.Canonical(command) is not null;

    /// <summary>The sign that a Unicode character is another spelling of; null for itself.</summary>
    public static string? Unicode(char character) => character switch
    {
        '−' or '–' or '—' or '－' => "-",
        '×' or '·' or '∙' or '⋅' or '∗' => "*",
        '÷' or '／' or '⁄' or '∕' => "/",
        '（' => "(",
        '）' => ")",
        '，' or '、' => ",",
        '；' => ";",
        '：' => ":",
        '＝' => "=",
        '＋' => "+",
        '％' => "%",
        '⩽' => "≤",
        '⩾' => "≥",
        '∣' or '｜' => "|",
        'º' or '˚' or '∘' => "°",
        '′' or '’' => "'",
        '⇒' or '⟹' => "→",
        '≃' or '∼' => "≈",
        '\\' => "∖",
        _ => null,
    };
}
