// Compares the findings of cdk-nag in a CloudFormation template with the reasons in docs/rule-packs.md.
//
//     node rule-packs.mjs TEMPLATE.json ANSWERS.md      in a folder that has aws-cdk-lib, constructs and cdk-nag installed
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const require = createRequire(join(process.cwd(), 'index.js'));
const { App, Stack, Validations } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const packs = require('cdk-nag');
const NAMES = ['AwsSolutions', 'Serverless', 'NIST80053R5', 'HIPAASecurity', 'PCIDSS321'];

/** Rules by name, without their pack's, and the logical ids that break each. */
function broken(template) {
  const outdir = mkdtempSync(join(tmpdir(), 'rule-packs-'));
  const app = new App({ outdir });
  new CfnInclude(new Stack(app, 'Stack'), 'Template', { templateFile: template, preserveLogicalIds: true });
  Validations.of(app).addPlugins(...NAMES.map((name) => new packs[`${name}Checks`](app)));
  // The report has the messages of the synthesis too.
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    app.synth();
  } catch {
    // A rule is broken.
  } finally {
    process.stderr.write = write;
  }
  const found = new Map();
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  for (const { pluginName, violations } of report.pluginReports) {
    for (const { ruleName, violatingConstructs } of violations.filter((each) => each.ruleName.startsWith(pluginName))) {
      const rule = ruleName.slice(pluginName.length + 1);
      const where = violatingConstructs.map((each) => each.constructPath.split('/').at(-1));
      found.set(rule, new Set([...(found.get(rule) ?? []), ...where]));
    }
  }
  return found;
}

/** Rules by name, and the logical ids that each row names; none for every function or every function's role. */
function answered(markdown) {
  const answers = new Map();
  for (const row of markdown.split('\n').filter((line) => line.startsWith('| `'))) {
    const [, rules, where] = row.split(' | ').length === 3 ? ['', ...row.slice(2).split(' | ')] : [];
    const names = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    names(rules).forEach((rule) => answers.set(rule, where.startsWith('every function') ? null : new Set(names(where))));
  }
  return answers;
}

const [template, answers] = process.argv.slice(2).map((path) => resolve(path));
const found = broken(template);
const known = answered(readFileSync(answers, 'utf8'));
const differences = [];
for (const [rule, where] of found) {
  const named = known.get(rule);
  const news = named === null ? [] : [...where].filter((id) => !named?.has(id));
  if (news.length > 0) {
    differences.push(`new: ${rule} at ${news.join(', ')}`);
  }
}
for (const rule of known.keys()) {
  if (!found.has(rule)) {
    differences.push(`answered, but no longer broken: ${rule}`);
  }
}
differences.forEach((line) => console.log(line));
console.log(`${found.size} rules broken, ${differences.length} differences from docs/rule-packs.md`);
process.exitCode = differences.length > 0 ? 1 : 0;
