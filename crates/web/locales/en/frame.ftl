## Every page
site-name = { $city } public credit information
site-short = Public credit information
skip-to-content = Skip to content
made-up-data = Demonstration: all data are made up
nav-site = Site
nav-section = This section
nav-crumbs = You are here
nav-verify = Verify a report
nav-catalogue = What may be recorded
nav-matters = Matters of windows
nav-learn = Learn
nav-me = My records
nav-desk = For staff
nav-rights = Your rights
nav-log = The public log
nav-keys = Public signing keys
nav-programs = Interface for programs
nav-styleguide = Style guide
nav-other-language = 中文
nav-other-language-anew = 填写的内容不保留
footer-help = Help
footer-phone = Telephone { $phone }
footer-place = Place: { $place }
footer-hours = Hours: { $hours }
footer-nobody = Ask at any window, or at the credit office of { $city }, free of charge.
footer-promise = The platform holds only records that rest on law. No scores, no ranks. Whoever finds an error can object, free of charge.
list-joint = {", "}
print = Print
parts = Parts

## What is wrong with what was typed
faults-title = Something needs mending
fault-missing = Fill this in
fault-day = Write it as year-month-day, as 2026-11-21, and a day that there is
fault-number = Write a whole number
fault-choose = Choose one
fault-document = That number cannot be: compare it with the document, digit by digit
fault-record = The number of a record is 32 digits and letters a–f: take it from the notice or the slip
fault-file = Choose a file

## What covers a page that nobody touches
cover-title = Covered
cover-about = The page shows somebody's data, and nobody touched it for a minute.
cover-show = Show it again
cover-needs-script = Without scripts this page does not cover itself: close it before you leave the desk.

## Counts
count-records = { $count ->
    [one] { $count } record
   *[other] { $count } records
 }

## Style guide
style-lead = Everything that pages are made of. A new page uses what is here.
style-colours = Colours
style-type = Type
style-heading = A heading
style-paragraph = Decisions that authorities made under the law, by a published catalogue.
style-hint = A hint, beside what it explains.
style-states = States
style-good = Done
style-warn = Take note
style-info = In force
style-plain = Over
style-notice = One sentence on what it is, and what to do next.
style-empty = Nothing here yet
style-empty-about = Says what will be here, and how to begin.
style-forms = Forms
style-field = A field
style-day = A day
style-choice = A choice
style-radios = One of these
style-boxes = As many as apply
style-area = In your words
style-one = The first
style-two = The second
style-number = Count
style-button = Send
style-button-plain = Cancel
style-tables = Tables and facts
style-details = More
