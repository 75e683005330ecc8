// SPDX-License-Identifier: GPL-3.0-or-later
// pressure_map.js - draws a pressure matrix on a canvas: WebGL 2, smoothed between the taxels, or,
// where there is no WebGL, plain squares.

import { N_COLOURS, ramp } from "./colours.js";

const VERTEX = `#version 300 es
in vec2 corner;
out vec2 place;
void main() {
  place = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}`;

// A cubic B-spline in four bilinear reads (Sigg and Hadwiger, GPU Gems 2, chapter 20): smooth, and
// never beyond what was measured. x: value, y: 1 where a taxel is.
const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D taxels;
uniform sampler2D colours;
uniform vec2 cells;
in vec2 place;
out vec4 colour;
void main() {
  vec2 at = place * cells - 0.5;
  vec2 f = fract(at);
  vec2 base = at - f;
  vec2 w0 = (1.0 - f) * (1.0 - f) * (1.0 - f) / 6.0;
  vec2 w1 = (4.0 - 6.0 * f * f + 3.0 * f * f * f) / 6.0;
  vec2 w3 = f * f * f / 6.0;
  vec2 w2 = 1.0 - w0 - w1 - w3;
  vec2 g0 = w0 + w1;
  vec2 g1 = w2 + w3;
  vec2 p0 = (base - 0.5 + w1 / g0) / cells;
  vec2 p1 = (base + 1.5 + w3 / g1) / cells;
  vec4 sum = g0.y * (g0.x * texture(taxels, p0) + g1.x * texture(taxels, vec2(p1.x, p0.y))) +
             g1.y * (g0.x * texture(taxels, vec2(p0.x, p1.y)) + g1.x * texture(taxels, p1));
  float value = sum.y > 0.01 ? sum.x / sum.y : 0.0;
  vec4 ramp = texture(colours, vec2((value * 255.0 + 0.5) / 256.0, 0.5));
  colour = vec4(ramp.rgb, 1.0) * smoothstep(0.3, 0.6, sum.y);
}`;

/** @param {WebGL2RenderingContext} gl @param {number} kind @param {string} source */
function compile(gl, kind, source) {
  const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS))
    throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
  return shader;
}

/** @param {WebGL2RenderingContext} gl */
function makeProgram(gl) {
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.bindAttribLocation(program, 0, "corner");
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(gl.getProgramInfoLog(program) ?? "program");
  return program;
}

/** @param {WebGL2RenderingContext} gl @param {number} unit */
function makeTexture(gl, unit) {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, way, gl.LINEAR);
}

export class PressureMapView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {Uint8Array} */
    this.pixels = new Uint8Array(0);
    this.gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
    if (this.gl) {
      this.start(this.gl);
      canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
      canvas.addEventListener("webglcontextrestored", () => this.start(this.gl));
    } else {
      this.plain = canvas.getContext("2d");
    }
  }

  /** @param {any} gl */
  start(gl) {
    const program = makeProgram(gl);
    gl.useProgram(program);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    makeTexture(gl, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, N_COLOURS, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, ramp);
    makeTexture(gl, 0);
    gl.uniform1i(gl.getUniformLocation(program, "taxels"), 0);
    gl.uniform1i(gl.getUniformLocation(program, "colours"), 1);
    this.cells = gl.getUniformLocation(program, "cells");
  }

  /**
   * @param {import("./map_code.js").PressureMap} map
   * @param {number} full the value at the ramp's end
   */
  draw(map, full) {
    const n = map.n_rows * map.n_cols;
    if (this.pixels.length !== 2 * n) this.pixels = new Uint8Array(2 * n);
    for (let i = 0; i < n; i++) {
      const is = map.codes[i] !== 65535;
      this.pixels[2 * i] = is ? Math.min(255, (255 * map.codes[i] * map.step) / full) : 0;
      this.pixels[2 * i + 1] = is ? 255 : 0;
    }
    this.fit();
    if (this.gl) this.drawSmooth(this.gl, map);
    else if (this.plain) this.drawPlain(this.plain, map);
  }

  /** As many pixels as the screen shows. */
  fit() {
    const wide = Math.max(1, Math.round(this.canvas.clientWidth * devicePixelRatio));
    const high = Math.max(1, Math.round(this.canvas.clientHeight * devicePixelRatio));
    if (this.canvas.width === wide && this.canvas.height === high) return;
    this.canvas.width = wide;
    this.canvas.height = high;
  }

  /** @param {WebGL2RenderingContext} gl @param {import("./map_code.js").PressureMap} map */
  drawSmooth(gl, map) {
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.activeTexture(gl.TEXTURE0);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG8, map.n_cols, map.n_rows, 0, gl.RG, gl.UNSIGNED_BYTE,
                  this.pixels);
    gl.uniform2f(/** @type {any} */ (this.cells), map.n_cols, map.n_rows);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** @param {CanvasRenderingContext2D} plain @param {import("./map_code.js").PressureMap} map */
  drawPlain(plain, map) {
    const { width, height } = this.canvas;
    plain.clearRect(0, 0, width, height);
    for (let r = 0; r < map.n_rows; r++)
      for (let c = 0; c < map.n_cols; c++) {
        const i = r * map.n_cols + c;
        if (!this.pixels[2 * i + 1]) continue;
        const at = 4 * this.pixels[2 * i];
        plain.fillStyle = `rgb(${ramp[at]},${ramp[at + 1]},${ramp[at + 2]})`;
        plain.fillRect((c * width) / map.n_cols, (r * height) / map.n_rows,
                       width / map.n_cols + 1, height / map.n_rows + 1);
      }
  }
}
