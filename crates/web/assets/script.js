// What pages do beyond plain HTML. Every page works without it, but for passkeys, and says so there.
"use strict";

// What went wrong is read out, and is where the reader is.
document.querySelector("[data-focus]")?.focus();

// A form is sent once, however often its button is pressed. Coming back to the page it can be sent again.
addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.dataset.sent) return event.preventDefault();
  // A download leaves the page where it is: the form stays open.
  if (event.target.dataset.again === undefined) event.target.dataset.sent = "1";
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => button?.removeAttribute("aria-busy"), 4000);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Buttons that need a script are hidden until there is one.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// An answer about somebody does not stay on a screen that nobody touches.
const cover = document.querySelector("[data-cover]");
if (cover) {
  const patience = Number(cover.dataset.cover) * 1000;
  const main = document.querySelector("main");
  let timer;
  const hide = () => {
    main.hidden = true;
    cover.hidden = false;
    document.body.append(cover);
    cover.querySelector("button").focus();
  };
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, patience);
  };
  cover.querySelector("button").addEventListener("click", () => {
    cover.hidden = true;
    main.hidden = false;
    main.focus();
    touched();
  });
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) addEventListener(kind, touched, { passive: true });
  touched();
}

// A file that is too large is said to be so before it is sent.
for (const field of document.querySelectorAll("[data-most]")) {
  field.addEventListener("change", () => {
    const large = [...field.files].some((file) => file.size > Number(field.dataset.most));
    field.setCustomValidity(large ? field.form.dataset.tooLarge : "");
    field.reportValidity();
  });
}

// Long work is followed without a reload; what the page says once it is done takes its place.
const follow = async () => {
  const poll = document.querySelector("[data-poll]");
  if (!poll) return;
  await new Promise((done) => setTimeout(done, Number(poll.dataset.poll) * 1000));
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const same = next.querySelector("[data-poll]");
    if (same) poll.replaceChildren(...same.childNodes);
    else {
      document.title = next.title;
      document.querySelector("main").replaceWith(next.querySelector("main"));
      document.querySelector("main").focus();
    }
  } catch {
    // The line is gone for a moment: the next turn asks again.
  }
  follow();
};
follow();

const ask = async (path, body) => {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.detail);
  return value;
};

// Adding a passkey: what the device made goes with the form.
const added = document.querySelector("[data-new-passkey]");
if (added && window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  added.hidden = false;
  const said = added.querySelector("[role=status]");
  added.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = "";
    try {
      const offered = await ask("/me/account/passkeys/offered" + location.search, {});
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(offered.options.publicKey ?? offered.options);
      const credential = await navigator.credentials.create({ publicKey });
      added.elements.ceremony.value = offered.ceremony;
      added.elements.answer.value = JSON.stringify(credential.toJSON());
      added.submit();
    } catch (error) {
      said.textContent = error.name === "NotAllowedError" ? added.dataset.stopped : error.message;
    }
  });
}

// Signing in by a passkey: two requests, and the device in between.
const passkey = document.querySelector("[data-passkey]");
if (passkey && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  passkey.hidden = false;
  const said = passkey.querySelector("[role=status]");
  passkey.querySelector("button").addEventListener("click", async () => {
    said.textContent = "";
    try {
      const query = location.search;
      const login = document.getElementById("login").value;
      const asked = await ask(`/sign-in/passkey/asked${query}`, { login });
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options.publicKey ?? asked.options);
      const credential = await navigator.credentials.get({ publicKey });
      const done = await ask(`/sign-in/passkey${query}`, { ceremony: asked.ceremony, login, answer: credential.toJSON() });
      location.assign(done.next);
    } catch (error) {
      said.textContent = error.name === "NotAllowedError" ? passkey.dataset.stopped : error.message;
    }
  });
}
