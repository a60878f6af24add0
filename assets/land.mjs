// Draws the land of Natural Earth 1:110m (public domain) once in the Equal Earth projection, without
// any border. core/worldmap.py repeats the projection; `check` holds points for the test of both.
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const WIDTH = 1000;
const HEIGHT = 487;
const LANDMARKS = {
  geneva: [6.1466, 46.2018],
  quito: [-78.5249, -0.2299],
  apia: [-171.7667, -13.8333],
  suva: [178.4419, -18.1416],
  reykjavik: [-21.8954, 64.1355],
  "south pole": [0, -90],
  "north pole": [0, 90],
  "just west of the antimeridian": [179.99, 10],
  "just east of the antimeridian": [-179.99, 10],
};

export function drawLand(topology) {
  const projection = geoEqualEarth().fitWidth(WIDTH, { type: "Sphere" });
  const path = geoPath(projection).digits(1);
  const land = path(feature(topology, topology.objects.land));
  // No colour here: the page that shows it gives one, through <use href="land.svg#land">.
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `<path id="land" d="${land}"/></svg>\n`;
  const landmarks = Object.fromEntries(
    Object.entries(LANDMARKS).map(([name, [lon, lat]]) => [name, { lat, lon, xy: projection([lon, lat]) }]),
  );
  return { svg, check: { width: WIDTH, height: HEIGHT, landmarks } };
}
