// Runs in <head> before the first paint: the chosen theme, and the mark that scripts run.
const root = document.documentElement;
root.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's choice then stands.
}
