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

// Signing in by a passkey: two requests, and the device in between.
const passkey = document.querySelector("[data-passkey]");
if (passkey && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  passkey.hidden = false;
  const said = passkey.querySelector("[role=status]");
  const send = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(value.detail);
    return value;
  };
  passkey.querySelector("button").addEventListener("click", async () => {
    said.textContent = "";
    try {
      const query = location.search;
      const login = document.getElementById("login").value;
      const asked = await send(`/sign-in/passkey/asked${query}`, { login });
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options.publicKey ?? asked.options);
      const credential = await navigator.credentials.get({ publicKey });
      const done = await send(`/sign-in/passkey${query}`, { ceremony: asked.ceremony, login, answer: credential.toJSON() });
      location.assign(done.next);
    } catch (error) {
      said.textContent = error.name === "NotAllowedError" ? passkey.dataset.stopped : error.message;
    }
  });
}
