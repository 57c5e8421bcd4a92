## home
home-home = Home
home-records-due-process-not-score = Records and due process, not a score
home-platform-holds-decisions-registrations-authorities = The platform holds decisions and registrations that authorities made under the law, by a published catalogue. Each person can see them, carry them away, contest and repair them. It scores nobody.
home-verify-report = Verify a report
home-verification-code = Verification code
home-printed-beside-qr-code-28 = Printed beside the QR code, 28 characters; case, spaces and hyphens do not matter. Or scan the QR code.
home-verify = Verify
home-what-does = What it does
home-takes-only-what-law-regulation = It takes in only what a law, regulation or central policy allows, and nothing adverse without a legally effective document.
home-display-ends-itself-when-period = Display ends by itself when the period is over, not one day later.
home-issues-one-verifiable-report-place = It issues one verifiable report in place of many certificates, free of charge.
home-who-read-your-records-when = Who read your records, when and what for, is logged, and you can see it.
home-what-does-not-do = What it does not do
home-no-score-no-grade-no = No score, no grade, no rank.
home-nothing-about-religion-health-biometrics = Nothing about religion, health, biometrics, movements, speech, purchases or family, and nothing about minors.
home-no-consequence-one-matter-because = No consequence in one matter because of an unrelated one.
home-no-shaming-adverse-records-about = No shaming: adverse records about persons are not put online.
home-something-wrong = Something wrong?
home-object-content-period-repair-result = Object to content, period or repair result at the authority that decided or at the city's credit office, free of charge; meanwhile the record is marked. Against the decision itself, administrative reconsideration and litigation are open.

## verify
verify-code-mistyped = Code mistyped
verify-scan-qr-code-report-type = Scan the QR code on the report, or type its verification code here.
verify-28-digits-letters-printed-beside = 28 digits and letters, printed beside the QR code. O and 0, and I, L and 1, need not be told apart.
verify-not-verification-code-at-least = That is not a verification code: at least one character is wrong, or some are missing.
verify-verify-your-own-machine = Verify on your own machine
verify-pdf-with-its-sig-file = A PDF with its .sig file, or the JSON file, can be verified offline by the published keys:

## report
report-report-verification = Report verification
report-not-file-issued = Not the file that was issued
report-file-differs-from-report-this = The file differs from the report that this code belongs to: it was altered, or it is another file. Do not rely on it. Saving again, scanning a print-out or converting also changes a file: use the one that was downloaded.
report-this-pdf-issued = This is the PDF that was issued
report-byte-for-byte-same-nothing = Byte for byte the same; nothing was altered.
report-this-content-signed = This is the content that was signed
report-signature-json-holds-content-what = The signature of the JSON holds, and the content is what was issued.
report-this-report-s-signature-file = This is the report's signature file
report-signature-holds-belongs-this-report = The signature holds and belongs to this report's PDF. To see that the PDF itself was not altered, give the PDF.
report-status = Status:{" "}
report-number = Number
report-issued = Issued
report-valid-through = Valid through
report-fields = Fields
report-period = Period
report-content-hash = Content hash
report-pdf-hash = PDF hash
report-paper-see-what-report-says = On paper: see what the report says
report-give-extract-code-printed-report = Give the extract code printed on the report: the page then shows what was issued, to be held against the paper. Every look is logged, and the person can see it.
report-extract-code = Extract code
report-show = Show
report-what-report-says = What the report says
report-records-changed-since-issued-are = Records that changed since it was issued are no longer shown:{" "}
report-subject = Subject
report-not-stated = not stated
report-recipient = Recipient
report-purpose = Purpose
report-authority = Authority
report-document = Document
report-decided = Decided on
report-severity = Severity
report-legal-basis = Legal basis
report-until = Until
report-contest = Contest
report-repair = Repair
report-classes-with-nothing-reportable = Classes with nothing reportable
report-text = ,{" "}
report-not-this-report = Not in this report
report-file-original = A file: is it the original?
report-choose-drop-pdf-json-you = Choose (or drop) the PDF or JSON that you received. It is compared with what was issued, and not kept; up to 20 MB.
report-file = File
report-compare = Compare

## signin
signin-sign = Sign in
signin-account-begins-with-code-from = An account begins with a code from a window, where your document was compared, or by a provider that verified its number. Knowing a number, a name or a phone opens nothing.
signin-another-provider = By another provider
signin-with-name-password = With name and password
signin-login-name = Login name
signin-password = Password
signin-six-digits-authenticator-app-recovery = Six digits of the authenticator app, or a recovery code
signin-leave-empty-where-no-app = Leave it empty where no app was enrolled. With a passkey alone, use the button above, or a recovery code.
signin-staff-link-for-first-time = Staff: link it for the first time
signin-one-time-code-from-administrator = One-time code from an administrator
signin-go = Go on

## problem
problem-type-verification-code = Type a verification code
problem-to-me = Back to my records
problem-to-desk = Back to the pages for staff
problem-to-office = Back to the credit office
problem-home-page = Home page

## away
away-link-way-sign = Link a way to sign in
away-code-works-sign-at-provider = The code works. Sign in at the provider within 10 minutes; from then on it opens your account.
away-go = Go to

## reference
reference-interface-reference = Interface reference
reference-interface-for-systems-authorities-programs = The interface for systems of authorities and programs of residents. It says the same as the description for machines.
reference-how-call = How to call it
reference-sign-post-api-v1-sessions = Sign in (POST /api/v1/sessions), then send with every request:
reference-officers-say-what-for-percent = : officers say what for (percent-encoded UTF-8); it is logged and shown to the person concerned.
reference-whoever-holds-several-rights-says = : whoever holds several rights says in which they act.
reference-every-refusal-problem-document-rfc = Every refusal is a problem document (RFC 9457) in both languages;
reference-who = Who
reference-everybody = everybody
reference-whoever-signed = whoever is signed in
reference-required = required
reference-body = Body
reference-done-nothing-say = done, and nothing to say
reference-refusals = Refusals
reference-bodies = Bodies
reference-optional = optional

## home, more
home-way-me = See what is held about me
home-way-me-about = What is held, who looked, reports, consents
home-way-catalogue-about = What may be recorded, by whom, on which clause, how long
home-way-matters-about = What a window may ask, and what an answer means
home-way-contest = How to object
home-way-contest-about = Where content, period or a repair is wrong
home-way-repair = How to have it repaired
home-way-repair-about = Conditions, papers, time limits; free of charge
home-way-log-about = Every step is logged, and anybody can check it

## catalogue
catalogue-lead = Only the { $count } items of the catalogue are taken in, and nothing else. Open one to read who records it, on which clause, how long it is shown, how it is contested and repaired.
catalogue-item = Item
catalogue-lines = All { $count }
catalogue-item-lead = Every rule of the catalogue about this item, each with its clause.

## matters
matters-lead = A clerk asks for one matter, and is told only what its clause makes relevant. A person decides, and the applicant is told.
matters-matter = Matter
matter-ground = On which ground
matter-on-consent = With consent only
matter-on-duty = By law
matter-clause = Clause
matter-who = Who may ask
matter-nobody = No authority of this city handles it at present
matter-from = Since
matter-lead-duty = The authority asks by law; your consent is not needed. You see every check and its answer.
matter-lead-consent = A window may ask only with your consent. Without it your application takes the ordinary way.
matter-relevant = What is looked at
matter-relevant-lead = Only this is looked at; nothing else is shown.
matter-can-do = What you can do
matter-eases = Easing
matter-preview = See what a window would be told about me

## learn
learn-lead = Rules, rights and ways, in plain words.

## log
log-lead = Every writing, look and decision is logged before it takes effect. The log is only added to; a change shows. What is public are digests that nothing about anybody can be read from.
log-fault = The log contradicts itself; nothing is written
log-origin = Origin
log-size = Entries
log-key = Public key
log-checkpoint = Checkpoint
log-checkpoint-about = The newest state, signed: origin, size, digest of the whole tree, signature. Keep it, and it can be shown later that nothing before it was changed.
log-checkpoint-file = Download the checkpoint
log-key-file = Download the key
log-none = There is no checkpoint yet.
log-check = How to check it
log-check-keep = Save the checkpoint from time to time, away from the platform.
log-check-compare = Hold an old one against a new one: the new one must contain all of the old.
log-check-own = Signed in, read every line about yourself under “Who looked”.
log-nobody = Anybody can be a witness, and sign a checkpoint once more.

## report, in words
report-means-valid = The platform issued this report, and nothing in it has changed since. Whether the paper says the same, check below.
report-means-changed = Since it was issued, something in it was changed, repaired, or is no longer shown. Ask the person for a new report; do not rely on this one.
report-means-expired = The report has expired and its content is no longer shown. The person may ask for a new one, free of charge.
report-means-withdrawn = The report was withdrawn and must not be relied on. Its content is no longer shown.
report-extract-wrong = That extract code is not right: compare it with the report.
report-extract-wrong-wait = That extract code is not right: compare it with the report. Try again after { $until } (China time).
report-extract-paused = Too many wrong codes in a row; none is looked at for now. Try again after { $until } (China time).

## sign-in, more
signin-then-back = That page is for whoever is signed in. Afterwards you come back to it.
passkey-button = Sign in with a passkey
passkey-or = Or with a password:
passkey-stopped = It was not finished. Try again, or use the password.
passkey-needs-script = Passkeys need scripts; without them use the password.
begin-have-code = I have an activation code
begin-title = Begin an account
begin-lead = A window hands you a one-time code after comparing your document in person. Staff get theirs from an administrator.
begin-code = One-time code
begin-code-hint = On the slip from the window; blanks and hyphens may be left out.
begin-go = Go on
begin-choose = The code works. Choose a login name and a password.
begin-recovers = The code works. Choose a new password; every earlier session ends.
begin-who = Name and password
begin-login-hint = Choose one; do not use a document's number.
begin-name = Name
begin-password = Password
begin-password-hint = At least 12 characters; three or four unrelated words are easy to keep.
begin-app = Authenticator app
begin-app-must = Staff must have one. Type this secret into the app, then the six digits that it shows.
begin-app-may = Recommended: type this secret into an app, then the six digits that it shows. Leave the digits empty to do without.
begin-app-open = Open in an app on this device
begin-digits = Six digits that the app shows
begin-digits-hint = They change every 30 seconds.
begin-do = Begin
begun-title = The account has begun
begun-lead = Your login name is { $login }. You can sign in now.
recovery-codes = Recovery codes
recovery-codes-about = Where the phone is lost, one of these stands for the app's digits; each works once. They are shown here and never again: print them and keep them safe.

decision-title = A decision, verified
decision-lead = This platform made this decision out. Compare each line with the paper.
decision-number = Number
decision-kind = About
decision-outcome = Decided
decision-day = On
decision-authority = By
decision-about = This page shows these lines and nothing else: neither whom it concerns nor what the record says. Whoever received the old record follows suit.
