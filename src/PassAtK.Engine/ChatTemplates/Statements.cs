namespace PassAtK.Engine.ChatTemplates;

/// <summary>A node of a template's syntax tree; `Line` is where it starts.</summary>
internal abstract record Statement(int Line);

internal sealed record TextStatement(int Line, string Text) : Statement(Line);

/// <summary>`{{ value }}`</summary>
internal sealed record OutputStatement(int Line, Expression Value) : Statement(Line);

internal sealed record IfStatement(
    int Line, IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else)
    : Statement(Line);

/// <summary>`{% for target in items if filter %}`</summary>
internal sealed record ForStatement(
    int Line, Target Target, Expression Items, Expression? Filter, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else)
    : Statement(Line);

internal sealed record BreakStatement(int Line) : Statement(Line);

internal sealed record ContinueStatement(int Line) : Statement(Line);

/// <summary>`{% set target = value %}`</summary>
internal sealed record SetStatement(int Line, Target Target, Expression Value) : Statement(Line);

/// <summary>`{% set target | filters %}body{% endset %}`</summary>
internal sealed record SetBlockStatement(int Line, Target Target, IReadOnlyList<FilterExpression> Filters, IReadOnlyList<Statement> Body)
    : Statement(Line);

/// <summary>`{% filter filters %}body{% endfilter %}`</summary>
internal sealed record FilterBlockStatement(int Line, IReadOnlyList<FilterExpression> Filters, IReadOnlyList<Statement> Body)
    : Statement(Line);

internal sealed record MacroStatement(int Line, MacroDefinition Macro) : Statement(Line);

/// <summary>`{% call(parameters) macro(arguments) %}body{% endcall %}`: the body is the macro's `caller`.</summary>
internal sealed record CallBlockStatement(int Line, MacroDefinition Caller, CallExpression Call) : Statement(Line);

/// <summary>A body with a scope of its own: `{% with name = value %}`, and `{% generation %}` of transformers without names.</summary>
internal sealed record ScopeStatement(int Line, IReadOnlyList<(Target Target, Expression Value)> Names, IReadOnlyList<Statement> Body)
    : Statement(Line);

/// <summary>
/// A macro. The three flags tell whether its body mentions `varargs`, `kwargs` and `caller`: only then does it take more arguments
/// than its parameters, unknown keywords, or a call block.
/// </summary>
internal sealed record MacroDefinition(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body,
    bool TakesMore, bool TakesKeywords, bool TakesCaller);

/// <summary>What an assignment or a loop writes to.</summary>
internal abstract record Target;

internal sealed record NameTarget(string Name) : Target;

/// <summary>`name.attribute` of a namespace.</summary>
internal sealed record NamespaceTarget(string Name, string Attribute) : Target;

internal sealed record TupleTarget(IReadOnlyList<Target> Items) : Target;
