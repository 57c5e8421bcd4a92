## Links
nav-office = Credit office
office-overview = Overview
office-overdue = Overdue
office-complaints = Complaints
office-submissions = All submissions
office-statistics = Statistics
office-catalogue = Catalogue changes
office-operations = Operations
office-leak = After a leak
desk-office-about = What is late, complaints, statistics, operations

## Overview
office-lead = See that authorities send and answer in time, and answer complaints. Nobody's records are shown here.
office-none = Your account has no right of the credit office.
office-waits = What waits
office-waits-complaints = Complaints
office-waits-proceedings = Objections and repairs at authorities
office-waits-release = Recent submissions that await release
office-pieces = { $count }
office-late = { $count } late
office-files = { $count } { $count ->
    [one] file
   *[other] files
}
office-overdue-about = Objections, repairs and complaints past their last day
office-complaints-about = Take up, answer, pass on; the authority complained of comments
office-submissions-about = How far each file of every authority has come, not what is in it
office-statistics-about = In time, taken, coverage, outcomes; as files too
office-catalogue-about = Catalogues put to use, and what they did to records held
office-operations-about = Versions, jobs, the log, checks and backups
office-contact = Where people reach us
office-contact-about = Telephone, place and hours at the foot of every page
office-contact-lead = This stands at the foot of every page. What is empty is not shown; a change counts at once, and is logged.
contact-phone = Telephone
contact-phone-hint = Digits, spaces and + - ( ), such as 0990-123456.
contact-place = Address of the window
contact-place-en = Address of the window, in English
contact-hours = Hours
contact-hours-hint = Such as: working days 9:00–12:00 and 13:30–17:30.
contact-hours-en = Hours, in English
contact-en-hint = Where it is empty, pages in English show the Chinese one.
contact-go = Save
office-leak-about = What to do when data got out

## Overdue
overdue-lead = What is past its last day, what was due first. Numbers and no names; the authority that deals with it reads the rest.
overdue-none = Nothing is overdue
overdue-none-about = What passes its last day is listed here.

## Complaints
office-complaints-lead = Complaints that people made about a line of their own log, what is due first. They touch no record.
office-complaints-none = No complaint waits
office-complaints-none-about = New complaints are listed here.
office-complaint-title = Complaint { $number }
complaint-logged = Opening it is logged: the person sees which authority, in which role, and when.
complaint-about = What is complained of
complaint-act = What was done
complaint-who = By whom
complaint-at = When
complaint-purpose = Purpose that was stated
complaint-basis = On which ground
office-complaint-you = This is what stands in the log of whoever complains: “you” in it is that person.
office-complaint-words = What the person says
complaint-to = Code of the authority to which it is handed over
complaint-to-hint = 18 characters; only where it is handed over.
complaint-text-hint = An answer, and passing it on, take reasons; the person reads them.
complaint-comment = Comment
complaint-comment-hint = A comment is no answer, and the clock goes on; the person reads it.

## Submissions
office-submissions-lead = Files of every authority, the newest first: how far each has come, not what is in it.
office-submissions-none = Once an authority sends something, it is listed here.
office-older = Older ones

## Statistics
statistics-lead = What is counted is the work of authorities and items of the catalogue, never people. Authorities stand by code: no rank, no target. Only months and quarters that are over.
statistics-months = Choose a month
statistics-none = Nothing to count
statistics-none-about = Nothing happened in that time, or it was not counted yet.
statistics-csv = Download { $table }.csv
statistics-xlsx = Download { $table }.xlsx
statistics-withheld = “—”: fewer than five, or a number from which one of fewer than five would follow; page, picture and file are the same. “≥” and “≤”: fewer than five are missing, or fit, and only the bound is told.
chart-about = Bar chart of { $count } { $count ->
    [one] bar; its number is
   *[other] bars; their numbers are
} in the table below.

## Changes of the catalogue
history-lead = When a new catalogue is put to use, the display of records held is computed again. This is what the log says of it.
history-none = It was never changed
history-none-about = The same catalogue has been in use since the beginning.
history-caption = Changes of the catalogue
history-applied = Put to use
history-version = Catalogue
history-in-use = in use
history-examined = Records concerned
history-changed = Changed
history-earlier = Shown less long
history-later = Shown longer
history-before = Before it is put to use
history-before-about = What a new catalogue would change is estimated at the console: it reads every record of the items concerned, which no page does.

## Operations
operations-lead = How the platform itself fares. Nothing here is about anybody.
operations-schema-behind = The schema of the database is not that of the programme: see chengxin migrate plan.
operations-check-findings = The last check found something: run chengxin log verify and deal with it.
operations-version = Version
operations-schema = Schema (found / needed)
operations-log-size = Entries of the log
operations-log-last = Newest entry
operations-checked = Last checked
operations-saved = Last backup
operations-unknown = Not noted on this machine
operations-queues = Jobs in the background
operations-queues-none = No job waits
operations-queues-none-about = Jobs that wait are listed here.
operations-queues-caption = By kind
operations-job = Job
job-keys-destroy = Destroy keys
job-tidy = Daily round
job-notice-make = Make notices
job-notice-send = Look for channels of notices
job-notice-deliver = Deliver notices
job-channel-code = Send codes to prove a channel
job-repair-possible = Tell that repair is possible
job-record-expire = Records whose time is over
job-subject-forget = Forget subjects of whom nothing is kept
job-authority-late = Record authorities that are late
job-record-reach = Tell who was shown a record that changed
job-repair-moved = Reckon repair days anew after a catalogue change
operations-waiting = Waiting
operations-due = Due
operations-failing = Failed last time
operations-dead = Given up
operations-help = Whoever runs the installation has those that were given up tried again (chengxin notice dead). Backups by a database server's own tools are not noted here.

## After a leak
leak-lead = When somebody saw what they should not have seen, the law has the people concerned told. Who saw what stands in the log.
leak-steps = What to do
leak-step-stop = Stop the account, the session or the machine's key first.
leak-step-search = At the console, find by account, key, session or time who was touched. The search is logged, and is a line in the log of each person it names.
leak-step-letters = The credit office drafts the letters, with cause, harm, measures, advice and contact.
leak-step-serve = People compare and serve them.
leak-why = Why no page searches
leak-why-about = It walks the log of everybody and writes files about many people: nothing that should pass a network.

## Board
nav-quality = How authorities send
board-lead = How much of what authorities sent in { $month } came in time and was taken. By code, and no rank.
board-caption = { $month }
board-none = Nothing was accepted in that month
board-none-about = Once authorities send, it stands here the month after.
board-files = Files
board-in-time = In time
board-taken = Taken
board-how = How it is counted
board-how-in-time = In time: of items for which the catalogue sets a time for sending (licences and penalties: seven working days from the decision), the share of records sent for the first time that was accepted within it.
board-how-taken = Taken: the share of rows that were neither refused nor held.
board-how-small = “—” is of fewer than five rows; “≥” where fewer than five were not good, and only the bound is told.
board-how-order = Shares alone are published: not how many people or records they are about.
about-authority-lead = What is on record about this authority itself, on { $day }.
about-authority-none = Nothing is on record about this authority
about-authority-none-about = Late answers, decisions that were set aside and judgments that it did not perform stand here once they are determined.
about-authority-day = Determined on
about-authority-by = Determined by
about-authority-until = No longer shown from
about-authority-item = On what this rests, and for how long
about-authority-what = Authorities are held to the record as everybody is: one that answers an objection late is recorded for it by the catalogue. Nothing here is about a person.
