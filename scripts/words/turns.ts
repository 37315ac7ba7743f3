/** The text after a `for` that means "because": a subject with its verb. "Waits for it" has no verb after it. */
const pronoun = '(?:it|they|he|she|we|nobody|nothing|neither|there|otherwise|then)';
const be = '(?:is|are|was|were|has|have|had|can|cannot|could|may|might|must|would|will|should|does|do|did)';
const causalFor = [
  `\\bfor ${pronoun} (?:${be}|[a-z]+(?:es|ts|ks|ns|ds|ls))\\b`,
  `\\bfor (?:this|that|these|those|what) (?:is|are|was|were|has|have|had|cannot|would)\\b`,
  `[,;:] for (?:${pronoun}|only)\\b`,
  `[,;:] for (?!example|instance|now|all)(?:(?!who|that|which|whose|what)\\w+ ){1,4}${be}\\b`,
].join('|');

/**
 * The turns that the project does not use: a name, how each is found, and what to write instead. A space matches a line
 * end too, and upper case counts as lower case. Quoted text and code in backticks are not searched.
 */
const list: readonly (readonly [name: string, found: RegExp, instead: string])[] = [
  // cspell:ignore mever
  ['whoever', /\bwho(?:ever|mever|soever)\b/, 'the caller that, anyone who'],
  ['whichever', /\bwhich(?:ever|soever)\b/, 'the one that, any, regardless of which'],
  ['whatever', /\bwhat(?:ever|soever)\b/, 'any, all that, regardless of'],
  [
    'however many',
    /\bhowever (?:many|much|long|often|few|old|late|large|small|big|recent|odd)\b/,
    'any number of, no matter how',
  ],
  [
    'is told',
    /\b(?:is|are|was|were|be|been|being|not) told\b|\btold (?:of|to|about)\b/,
    'learns, receives; or say who tells',
  ],
  ['tell apart', /\b(?:tells?|told|telling)(?: \w+)? (?:apart|from)\b/, 'distinguish'],
  ['causal for', new RegExp(causalFor), 'because, since; or a new sentence'],
  [
    'has not a',
    /\b(?:has|have|had) not (?:a|an|the|any|one|its|their|all|enough)\b|\b(?:has|have|had) not(?=[.,;:)])/,
    'does not have',
  ],
  [
    'is no X',
    /(?:\b(?:it|that|this|which|what|who|and|or) )\b(?:is|are|was|were) (?:no(?! (?:longer|more|less|way|one|different|such|sooner|later))|none)\b/,
    'is not a',
  ],
  ['so many', /\bso (?:many|much|few)\b(?! (?:that|as)\b)/, 'this many; or name the number'],
  [
    'of which',
    /\b(?:of|by|out of|because of|instead of) (?:which|whom|whose)\b/,
    'whose, that; or two sentences',
  ],
  ['what it was when', /\bwhat (?:it|they|he) (?:was|were) when\b/, 'the state at the time of'],
  ['at hand', /\bat hand\b/, 'available, cached'],
  ['to be had', /\bto be had\b/, 'available'],
  ['good for', /\bgood (?:for|until|once)\b/, 'valid for, valid until, single-use'],
  [
    'a token ends',
    /\b(?:tokens?|credentials?|keys?|sessions?|cookies?|certificates?|grants?) (?:ends?|ended)\b/,
    'expires, is revoked',
  ],
  ['without an end of its own', /\bwithout an? \w+ of (?:its|their) own\b/, 'never expires; has no'],
  [
    'takes back',
    /\b(?:take|takes|taken|taking|took) (?:(?:it|them|a|an|the|its|their|\w+) ){0,3}back\b/,
    'revokes, undoes',
  ],
  ['stands in', /\b(?:stand|stands|stood|standing) (?:in(?! for\b)|there)\b/, 'is in, is stored in'],
  ['yet for still', /\b(?:may|might|can|could|will|would|has|have|is|are) yet\b/, 'still'],
  ['or no', /\bwhether\b[^.;:]{1,60}\bor no\b(?! [a-z])/, 'whether, whether or not'],
  ['so is it', /\bso (?:is|are|was|were|does|do|did) (?:it|they|he|she|this|that)\b/, 'it is too'],
  ['no more', /\b(?:has|have|had|is|are|does|do|did) (?:\w+ )?no more\b(?! than)/, 'no longer'],
  ['nothing but', /\bnothing but\b/, 'only'],
  [
    'lest',
    /\b(?:lest|whence|thence|hence|whilst|amongst|till|albeit|whereof|thereof|thereby|whereby|wherein|therein)\b/,
    'so that … not, from where, while, until, by this',
  ],
  ['but for', /\b(?:save|but) for\b/, 'except for, without'],
  ['anew', /\banew\b/, 'again'],
  ['as good as', /\bas good as\b/, 'almost, equivalent to'],
  ['in force', /\bin force\b/, 'active, current, valid'],
  ['goes on', /\b(?:go|goes|went|gone|going) on\b/, 'continue, keep, resume'],
  ['lives on', /\b(?:lives?|lived|living) on(?=[.,;:)]|$)/, 'remain valid, stay logged in'],
  ['from then on', /\bfrom (?:then|that \w+|the next \w+) on\b/, 'afterwards, at the next'],
  ['in turns', /\bin turns\b/, 'alternately'],
  ['to the letter', /\bto the letter\b/, 'exactly'],
  ['mend', /\bmend(?:s|ed|ing)?\b/, 'correct, repair'],
  ['it is looked', /\bit is (?:looked|waited|said|seen|tried)\b/, 'say who looks: "checks whether"'],
];

export const turns = list.map(([name, { source }, instead]) => ({
  name,
  found: new RegExp(source.replaceAll(' ', '\\s+'), 'gi'),
  instead,
}));
