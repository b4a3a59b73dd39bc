// The key "/" leads to the search box, as long as nobody is typing anywhere.
"use strict";
document.addEventListener("keydown", (event) => {
	const box = document.getElementById("q");
	const at = event.target;
	const typing = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement;
	if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || typing || !box) return;
	event.preventDefault();
	box.focus();
	box.select();
});
