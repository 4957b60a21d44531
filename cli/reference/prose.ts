/** What holds for every command. */
export const INTRODUCTION = `# The command line

\`meshline\` is how people and scripts drive Meshline from a terminal. It is a client of the HTTP API: what it can do, a
program can do too (\`npx meshline status\` shows the address; \`/docs\` there describes every route).

Run \`npx meshline\` in the checkout: there \`npx\` finds the program. \`npx meshline COMMAND --help\` explains a command.

## What holds for every command

**Which installation.** The first of these that is given:

1. \`--data DIR\`: the installation that \`meshline up --data DIR\` started on this machine.
2. \`MESHLINE_URL\` and \`MESHLINE_TOKEN\`: an installation elsewhere.
3. \`MESHLINE_HOME\`: as \`--data\`.
4. \`$XDG_DATA_HOME/meshline\`, which is \`~/.local/share/meshline\` unless you say otherwise.

For an installation on this machine the token of the local user is read from its data folder; \`MESHLINE_TOKEN\` replaces
it, for acting as somebody else.

**Output.** Results go to stdout, progress and errors to stderr. With \`--json\` exactly one JSON document goes to stdout
and nothing else, also where a command fails: then it is
\`{"error":{"exit","what","where","next","problems":[]}}\`, or the present state of what a decision came too late for.
\`--json\` and \`--data\` may stand before or after the command. Instants in JSON are UTC; in text they are in your own zone.
Amounts in JSON are exact decimal text, never numbers. Colours are left out where stdout is no terminal, or \`NO_COLOR\`
is set; \`FORCE_COLOR\` keeps them in a pipe.

**Exit codes.**

| code | meaning |
|---|---|
| 0 | done |
| 1 | failed: it was asked for and could not be done, or the day failed |
| 2 | wrong usage, or a document that is not valid; nothing was changed |
| 3 | waits for a person |
| 4 | not running, or not reachable |

**Errors** say what happened, where, and what to do next:

\`\`\`console
$ npx meshline close show --client corner-shop --date 2026-02-30
error: option '--date <date>' argument '2026-02-30' is invalid. Found "2026-02-30", expected a date that exists, such as 2026-03-31.
next:  See what it takes with \`npx meshline close show --help\`.
\`\`\`

A document that is not valid is refused with all its problems at once, each with the file and line that it was written in:

\`\`\`console
$ npx meshline client apply models/corner-shop.yaml
error: /agency/models/corner-shop.yaml has 1 problem(s). Nothing was changed; correct them and apply it again.
where: http://127.0.0.1:7070
  /agency/models/corner-shop.yaml:7  client.currency
    found     "POUND"
    expected  an ISO 4217 code, such as GBP
\`\`\`

\`MESHLINE_DEBUG=1\` adds the place in the program that an error came from, for a report of a defect.
`;
