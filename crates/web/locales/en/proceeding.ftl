## Links
me-proceedings = Objections and repairs
me-proceedings-about = What you filed, how far it has come, and by when it must be answered
me-notices = Notices
me-notices-about = What the platform and the authorities tell you

## A proceeding
proceedings-lead = Your objections, statements “this is not me” and repairs are here: how far each has come, the last day for an answer, and what you can do. All of it is free.
proceedings-none = You have filed no objection and asked for no repair
proceedings-none-about = Where a record is wrong, file one at any time from your records.
proceeding-number = Number
proceeding-item = Record
proceeding-document = Number of the decision
proceeding-aspect = Against what
proceeding-filed = Filed
proceeding-due = Answer due by
proceeding-overdue = overdue
proceeding-late = The authority is late by
proceeding-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
proceeding-step-late = { $count ->
    [one] { $count } day late
   *[other] { $count } days late
}
proceeding-mark = Meanwhile the record is
proceeding-attachments = What was handed in
proceeding-reached = Told of the decision
proceeding-decision = Download the decision (PDF)
proceeding-routes = If you do not accept the answer
proceeding-next = You can now:{" "}
proceeding-go-on = Go on
proceeding-step = What you do
proceeding-text = In words
proceeding-files = Files
proceeding-files-hint = Optional; five at most, PDF, JPEG, PNG or plain text, 5 MB each. If the page comes back with something to mend, choose them again.

## Adding
addition-title = Hand in more, or add a statement
addition-lead = What you hand in is for the authority to look at. If the record stays, your statement stands beside it, for whoever sees the record.
addition-what = What you add
addition-supply = Hand in more
addition-statement = A statement beside the record
addition-text-hint = A statement has { $most } characters at most.
addition-go = Send
fault-statement = A statement has 500 characters at most; this one has { $count }

## What lies ahead
horizon-title = What lies ahead of this record
horizon-in-use = shown and used
horizon-not-in-use = no longer shown or used
horizon-stops = No longer shown from
horizon-repair-from = Repair can be asked for from
horizon-object = Object
horizon-repair = Repair
horizon-destroyed = Its content is destroyed on
horizon-put-off = Why it is still there
horizon-delete = Delete
horizon-way = The shortest lawful way
horizon-affects = What it affects today
horizon-affects-none = No matter would be told of it today.
horizon-measures = Measures that the law allows
horizon-measures-about = Only the agency named may decide on one, by a person and telling you; all of them end when the record is out of use: over, repaired or withdrawn.
horizon-seen = Who has seen it
horizon-seen-none = No window and nobody else has seen it yet.
horizon-reached = Told that it changed

## Objecting
object-title = Object to a record
object-lead = From the moment you file, it is marked wherever the record shows; one that is not yours is out of use until that is found out. Free of charge.
object-aspect-hint = If the record is not about you, choose the last one.
object-not-me = This is not me
object-grounds = Grounds
object-grounds-hint = Say what is wrong, and what is right. “This is not me” needs none.
object-go = File the objection

## Repair
repair-title = Repair
repair-lead = You ask the authority that determined it, free of charge; no gift, volunteering or payment is asked for.
repair-conditions = Conditions
repair-documents = Papers
repair-step-hint = A request takes the proof of performance and the commitment letter.
repair-text-hint = Needed to ask for more time, and to explain.
repair-proof = Proof of performance, or other papers
repair-commitment = Commitment letter
repair-commitment-hint = Only with a request for repair.

## Notices
notices-lead = Changes of records, decisions and deadlines are told here. A notice that you open is delivered.
notices-none = No notices
notices-none-about = When there is a new record or a decision, you are told here.
channels-title = Where you are told
channels-lead = When a notice waits, one sentence is sent there that asks you to sign in.
channels-never = It has the address of this site and nothing else: no person, no authority, no matter. Nothing is sent to an address that was not proven.
channels-none = No channel yet
channels-none-about = Notices wait for you here all the same, and are served on paper where they must be.
channel-kind = Kind
channel-kind-hint = A webhook is for programs of organisations.
channel-address = Address
channel-address-hint = A mail address; of a webhook one that begins with https://.
channel-add = Add it
channel-added = Added
channel-proven = Proven
channel-failing = Something could not be delivered there: it is tried again. Is the address still in use?
channel-code = Code
channel-code-hint = 8 characters that were sent there. If none came, remove the channel and add it again.
channel-prove = Prove it
channel-remove = Remove it
channel-secret = Secret
channel-secret-about = Shown this once: your program checks by it that a message is the platform’s.

## On the records
record-ahead = What lies ahead, objection and repair

## At the authority
desk-proceedings = Objections and repairs
desk-proceedings-about = Objections, statements “this is not me” and repairs that wait, by their last day
desk-follow-ups = Follow-ups
desk-follow-ups-about = Records that this authority was shown and that have changed since
desk-figures = How it is answered
desk-figures-about = How many authorities answered, and how many late
work-lead = By the last day for an answer. Nobody is named here.
work-none = No objection and no repair waits
work-none-about = When somebody files one, it is listed here.
work-kind = Kind
work-waits-for-person = waits for the person
work-no-day = no last day
work-logged = That you opened it is a line in the person's log. You decide, and say why; the platform judges nothing.
work-nothing-now = There is no step that you can do now.
work-text-hint = The person reads it. Needed for every step but taking up and granting.
work-corrected = Fields to correct
work-corrected-hint = Only with the answer that it is corrected. A field a line: code=what it says from now on. The codes stand in the catalogue.
fault-corrected = A field a line: code=what it says from now on
work-until = Extended until
work-until-hint = Only to extend the time.
follow-ups-lead = Records that this authority was shown in a check, and that were corrected, withdrawn or repaired since. Where a refusal rests on one, confirm it or open the matter again; the person is told why.
follow-ups-none = Nothing to follow up
follow-ups-none-about = When a record that you were shown changes, it is listed here.
follow-up-decided = What changed
follow-up-told = Told
follow-up-reopen = Open the matter again
follow-up-confirm = Confirm the outcome
follow-up-reason = Reason (the person is told it)
figures-lead = How authorities answer, and how late. Nobody is counted.
figures-own-none = Nothing was sent in a month that is over
figures-own-none-about = What your authority sends is counted once its month is over.
figures-answers = How objections and repairs were handled
figures-none = No objection and no repair yet
figures-none-about = There are figures once somebody files one.
figures-filed = Filed
figures-closed = Closed
figures-late = With a late step
figures-late-days = Days late in all
figures-overdue = Overdue today

# Deleting what rests on one's own wish
delete-title = Delete this record
delete-lead = It is here because you wished it. You may delete it whenever you want, without a reason.
delete-gone = Its content is destroyed at once. Nobody can bring it back, and no backup can be read.
delete-log = That it was here, and who saw it, stays in your log.
delete-file = If the authority sends it again it is refused. If you change your mind, ask the authority to unlock it and send it on your new wish.
delete-sure = Delete it?
delete-sure-yes = Yes, and I know that it cannot be brought back
delete-not-sure = Tick the box first: it says that you know this cannot be undone
delete-go = Delete
delete-keep = Keep it and go back
delete-by-law = This record is kept by law and cannot be deleted at will. If it is wrong, object to it; when its time is over its content is destroyed by itself.
