// How many chats stand side by side. The phone's width is style.css's too, through body.phone.

const PHONE_PX = 700;
const COLUMN_PX = 340;
// With the panel of samples open columns may be narrower than usual, so that none has to go.
const NARROW_PX = 262;
const PANEL_PX = 300;

export function isPhone() {
  return innerWidth <= PHONE_PX;
}

export function columnsThatFit(panelOpen) {
  if (isPhone()) return 1;
  const usual = Math.floor(innerWidth / COLUMN_PX);
  const beside = Math.floor((innerWidth - PANEL_PX) / NARROW_PX);
  return Math.max(1, panelOpen ? Math.min(usual, beside) : usual);
}
