"""What people read when something is refused: every code of flows in kind words."""

from datetime import date

from bot.ids import Draft
from bot.views.dates import long_day
from bot.views.slack_text import Names, Surface, from_form, one_line
from flows.workdays import last_workday

_SAME = "I can't find that, or it is not yours. /handover list shows what is."
_WORDS = {
    "not_yours": _SAME,
    "not_found": _SAME,
    "in_flight": "{account} is being handed over already: /handover show {account}",
    "confidential_csm": "Only a leader who is not one of the two CSMs can choose this.",
    "no_such_ask": "This question is not there any more.",
    "ask_taken": "Somebody has answered this already, so nothing was added. Thank you!",
    "asks_oneself": "Please pick somebody else.",
    "not_to_them": "They do not know of this yet; please pick somebody else, or ask the leader.",
    "date_to_come": "This day is still to come; pick today or an earlier one.",
    "no_such_part": "This part of the question is not there any more.",
    "no_such_record": "This entry is not there any more; somebody may have removed it.",
    "no_such_reply": "This reply belongs to no answer.",
    "already_started": "This handover has been started already.",
    "already_told": "{name} knows already.",
    "already_named": "{name} is named already; pick somebody else.",
    "already_decided": "This has been decided already. The leader can name somebody else.",
    "still_a_draft": "This is still a draft. Start it first.",
    "no_start": "This handover has no beginning. Please tell whoever looks after this bot.",
    "at_the_start": "This is the first question; there is none before it.",
    "nothing_open": "Nothing is open for you here. Thank you!",
    "not_offered": "This question has been taken or answered already.",
    "too_early": "There is a brief from the fifth answer on.",
    "same_person": "Outgoing and incoming CSM are the same person; pick somebody else.",
    "leader_is_csm": "The leader can't be one of the two CSMs; pick somebody else.",
    "backup_has_a_part": "The backup has a part in this handover already; pick somebody else.",
    "not_a_workday": "{day} is not a working day; the last working day before it is {before}.",
    "has_a_part": "They have a part in this handover already; pick somebody else.",
    "outgoing_answers": "The outgoing CSM answers the questions here.",
    "date_past": "This date has passed; pick today or later.",
    "not_asked": "This question has not been asked here yet.",
    "not_open": "This question is answered already; press Change to change it.",
    "nothing_added": "Add at least one first, or press None.",
    "nobody_to_tell": "There is nobody to tell here; name the incoming CSM first.",
    "nobody_to_ask": "There is nobody here who could answer. Please ask them directly.",
    "missing": "Please fill this in.",
    "one_only": "Please give just one.",
    "not_a_choice": "Please pick one of the choices.",
    "not_a_number": "Please write a number, like 60, 1200 or 120k.",
    "not_a_date": "Please pick a date.",
    "outgoing_missing": "Pick the outgoing CSM, or type the name below.",
    "when_missing": "Pick the day and hour, or choose Tell now.",
    "when_past": "This moment has passed; pick a later one, or choose Tell now.",
    "not_a_leader": "Please pick somebody from the list of leaders, or an admin.",
    "heir_not_listed": "Please pick one of the leaders above; you can add somebody there first.",
    "try_again": "Slack did not answer in time. Please try again.",
    "brief_coming": "The brief comes in a moment, in your messages with me.",
    "which_one": "Several handovers fit. Which one?",
    "paused": "Press Continue on the card first, so that I know which question you answer.",
    "no_question": "Nothing is open for you here at the moment. /handover shows what I can do.",
    "not_a_colleague": "Please pick a full member of this workspace who is active, not a bot.",
    "not_a_member": "Handovers are for members of this workspace.",
    "admins_only": "Settings are for the admins of this workspace. Ask one of them to help.",
    "too_long": "This is too long for a name; please shorten it.",
    "press_again": "Slack was slow to open this. If nothing came, please press the button again.",
    "type_again": "Slack was slow to open this. If nothing came, please type the command again.",
    "nothing_picked": "Pick at least one question first, or press That's all.",
    "already_filed": "This reply has found its place already.",
    "no_such_document": "This document is not in the pack any more.",
    "link_opens": "Nobody has said that this document does not open.",
    "link_waived": "Noted: the pack can be accepted without this document.",
    "item_done": "This is done already. Open it again first.",
    "item_settled": "This has been decided already. The leader can open it again.",
    "nothing_changed": "Please change the wording or the date, or press Accept.",
    "not_answered": "Please pick answers that are there.",
    "already_accepted": "You have accepted the pack. Use Ask about this for what is open.",
    "pack_answers": "Some required answers are still open; accept the pack when they are there.",
    "pack_items": "Please accept, renegotiate or decline each promise and issue first.",
    "pack_links": "Please say of every link whether it opens first.",
    "pack_not_accepted": "Accept the pack first.",
    "file_coming": "The file comes in a moment, in your messages with me.",
    "pack_coming": "The pack opens in a moment, in your messages with me.",
    "pack_open": "The pack stands open in your messages with me, on page {page}.",
    "taught_already": "You have answered this already. Thank you!",
    "no_wording": "There is no text yet; it comes when the pack is accepted.",
    "other_words": "The text has been changed since; please look at the newer one below.",
    "not_agreed": "Both CSMs agree first, or two working days pass.",
    "not_taught": "There is nothing to look at yet.",
    "kept_unsorted": "Kept, thank you: it stands under Unsorted at the end of the brief.",
    "ask_how": "Which account, and what would you like to know? For example:"
    " /handover ask Northwind who decides on the renewal",
    "ask_what": "What would you like to know about {account}? Type it after the name, like"
    " /handover ask {account} who decides on the renewal",
    "many_waiting": "Five of your questions here wait for an answer already. Let us wait for one.",
    "no_such_place": "This account is not asked about that; pick another place, or none.",
    "nothing_in_it": "There is no text and no file in this message that I could add.",
    "nothing_to_add_to": "You take part in no handover that a message could be added to.",
    "message_gone": "I don't have this message any more. Please choose Add to handover again.",
    "shortcut_again": "Slack was slow to open this. If nothing came, please choose Add to handover"
    " again.",
    "plan_coming": "The plan comes in a moment, in your messages with me.",
    "no_such_milestone": "This step is not in the plan any more.",
    "no_such_warning": "This is not in question any more. Thank you!",
    "milestone_done": "This step is done already, so its date stays.",
    "derived": "This step is done by itself as soon as it happens; nobody marks it.",
    "locked": "The customer hears nothing until message and plan are approved.",
    "too_close": "Too soon: the first day that keeps the distances is {day}. A leader can insist.",
    "day_off": "Somebody who is needed does not work on this day; please pick another one.",
    "too_far": "This is too far away; please pick an earlier day.",
    "after_the_last_day": "The lead would switch after the last working day. A leader can insist.",
    "after_the_switch": "The lead would switch later than agreed. A leader can insist.",
    "by_call": "Sponsor, champion and day-to-day contact are introduced by call or in a meeting."
    " A leader can decide otherwise, and say why.",
    "heads_up_first": "The heads-up comes first: nobody is taken by surprise.",
    "ticked_since": "They have been introduced or reassured since; take that back first.",
    "not_an_email": "This is not an email address. Please write it like ana@example.com.",
    "invitation_coming": "The invitation comes in a moment, in your messages with me.",
    "not_a_place": "Please write a number from 1 to 999, or nothing.",
    "no_such_piece": "This piece has found its place already.",
    "no_earlier": "There is nothing to use again here.",
    "not_word": "This is not a Word document that I can read. The file is kept as it is.",
    "file_unpacks": "This document holds more than I can unpack. The file is kept as it is.",
    "file_too_large": "This is more than I can read (5 MB). The file is kept as it is.",
    "file_empty": "This file is empty. It is kept as it is.",
    "file_kind": "I read Word, Markdown, plain text and my own JSON. The file is kept as it is.",
    "file_encoding": "I can't read the characters of this file. Save it as UTF-8, or as Word.",
    "not_our_json": "This JSON is not a brief of mine. The file is kept as it is.",
    "file_elsewhere": "This file is kept outside of Slack, where I don't go. Its link is kept.",
    "file_unreachable": "Slack did not give me this file. It is kept; please try again later.",
    "reading_again": "I read it again; what comes of it follows in a moment.",
    "example_coming": "Your example comes in a moment, in your messages with me. All its messages "
    "go to you alone, and in 7 days it is erased.",
    "example_there": "Your example stands in your messages with me already.",
    "busy": "Somebody changed this at the same moment. Please try again.",
}
_NEUTRAL = "That did not work. Nothing was changed; please try again."
_FACTS = {
    "name": "This person",
    "account": "This account",
    "day": "This day",
    "before": "the Friday before",
}


def say(code: str, **facts: str) -> str:
    """The words for a code; `facts` fill in a name where one is known, as escaped text."""
    return _WORDS.get(code, _NEUTRAL).format_map(_FACTS | facts)


def facts_of(draft: Draft, names: Names) -> dict[str, str]:
    """What the words for a start form may name."""
    day = date.fromisoformat(draft.day)
    return {
        "account": one_line(from_form(draft.account), Surface.PLAIN, names),
        "day": long_day(day),
        "before": long_day(last_workday(day), day),
    }
