// SPDX-License-Identifier: GPL-3.0-or-later
// technique_colours.js - a colour for each technique, told apart by colour-blind people as far as
// twelve can be (after M. Okabe and K. Ito), all light enough for dark writing. Names stand beside.

/** @type {Record<string, string>} */
const COLOURS = {
  effleurage: "#56b4e9",
  petrissage: "#e69f00",
  rolling: "#f0e442",
  friction: "#e88055",
  tapotement: "#cc79a7",
  vibration: "#b39ddb",
  shaking: "#d3b3e5",
  compression: "#38c79a",
  myofascial_release: "#8fd3a8",
  soft_tissue_release: "#a8d08d",
  muscle_energy: "#c5b783",
  stretching: "#9fb8ad",
  rest: "#5a6b7b",
};

/** @param {string} technique */
export const techniqueColour = (technique) => COLOURS[technique] ?? "#8b97a3";
