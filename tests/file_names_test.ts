import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join, resolve } from "node:path";
import { describeChanges, fileName, fileNames, plainName } from "../scripts/laboratory/file_names.ts";
import { random } from "../lib/random.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

Deno.test("a name that is safe stays as it is", () => {
  for (const name of ["a b", "b.c", "ä", "z", "IMG_0001", "-x", "猫", "👩‍👩‍👧", "constant", "com", "a.con"]) {
    assertEquals(fileName(name, ".png"), `${name}.png`);
  }
  assertEquals(plainName("photos"), "photos");
});

Deno.test("what would lead elsewhere, or is no name on some system, becomes one that is", () => {
  const expected = {
    "../evil": "_._evil.png",
    "/etc/passwd": "_etc_passwd.png",
    "x\\y": "x_y.png",
    "C:x": "C_x.png",
    "": "_.png",
    "..": "_..png",
    ".hidden": "_hidden.png",
    "a\0b\x1b[2J\x7f\x9b": "a_b_[2J__.png",
    "right\u202eleft": "right_left.png",
    "half\ud800": "half_.png",
    "CON": "_CON.png",
    "nul.tar": "_nul.tar.png",
    "Com1 ": "_Com1 .png",
    "LPT²": "_LPT².png",
  };
  for (const [name, file] of Object.entries(expected)) assertEquals(fileName(name, ".png"), file);
  assertEquals(["a. .", "..", "aux", "x/../../../victim"].map((name) => fileName(name)), [
    "a___",
    "__",
    "_aux",
    "x_.._.._.._victim",
  ]);
  assertEquals(plainName("x/../../../victim folder"), "x_.._.._.._victim_folder");
  assertEquals(plainName("猫".repeat(85)), "猫".repeat(53)); // with room for -take100-gray-… behind it
});

Deno.test("long names are cut between characters, to 255 bytes with the extension", () => {
  assertEquals(fileName("a".repeat(251), ".png"), "a".repeat(251) + ".png");
  assertEquals(fileName("a".repeat(252), ".png"), "a".repeat(251) + ".png");
  assertEquals(fileName("ä".repeat(126), ".png"), "ä".repeat(125) + ".png");
  assertEquals(fileName("😀".repeat(63), ".png"), "😀".repeat(62) + ".png");
  const long = fileNames(["😀".repeat(63), "😀".repeat(64), "😀".repeat(65)], ".png");
  assertEquals(new Set(long).size, 3);
  assert(long.every((file) => bytesOf(file) <= 255 && file.isWellFormed()));
});

Deno.test("names are told apart, and those that need no change keep theirs", () => {
  const files = (...names: string[]) => fileNames(names, ".png");
  assertEquals(files("x\\y", "x_y"), ["x_y_2.png", "x_y.png"]);
  assertEquals(files("a", "a", "a_2", "a"), ["a.png", "a_3.png", "a_2.png", "a_4.png"]);
  assertEquals(files("A", "a"), ["A.png", "a_2.png"]);
  assertEquals(files("\u00e9", "e\u0301"), ["\u00e9.png", "e\u0301_2.png"]);
  assertEquals(files("straße", "STRASSE", "ﬁ", "fi"), ["straße.png", "STRASSE_2.png", "ﬁ.png", "fi_2.png"]);
  assertEquals(files("a\u200b", "a"), ["a\u200b.png", "a_2.png"]); // some systems do not see the space of no width
});

Deno.test("files keep the extensions of their own when they are numbered or cut", () => {
  assertEquals(fileNames(["A.txt", "a.txt", "a.TXT", "a"], ""), ["A.txt", "a_2.txt", "a_3.TXT", "a"]);
  assertEquals(fileNames(["x.tar.gz", "X.tar.gz"], ""), ["x.tar.gz", "X.tar_2.gz"]);
  assertEquals(fileNames([".txt", "_txt", "a. .", "a___"], ""), ["_txt_2", "_txt", "a____2", "a___"]);
  const long = `${"ä".repeat(200)}.csv`;
  assertEquals(fileName(long), `${"ä".repeat(125)}.csv`);
  assertEquals(fileNames([long, long], "").map((file) => [bytesOf(file) <= 255, file.endsWith(".csv")]), [
    [true, true],
    [true, true],
  ]);
});

Deno.test("what is changed is said in one line", () => {
  const names = ["x\\y", "x_y", "\x1b[2J", "..", "a", "A"], files = fileNames(names, ".png");
  assertEquals(
    describeChanges(names, files, ".png"),
    "4 names were changed so that each has a file of its own, on any system: “x\\y” is x_y_2.png, " +
      "“�[2J” is _[2J.png, “..” is _..png, …",
  );
  assertEquals(describeChanges(["a", "b"], ["a.png", "b.png"], ".png"), undefined);
  assertMatch(describeChanges(["a", "a"], ["a.png", "a_2.png"], ".png")!, /^1 name was changed/);
});

Deno.test("any names become as many files of one folder", () => {
  const { below } = random(1, "file names");
  const letters = [
    ..."aAbé\u0301._- /\\:*\0\x1b\u202e😀ßſK2",
    "\ud800",
    "CON",
    "nul",
    "..",
    "x".repeat(120),
    "ä".repeat(90),
  ];
  for (let round = 0; round < 200; round++) {
    const names = Array.from(
      { length: 1 + below(40) },
      () => Array.from({ length: below(5) }, () => letters[below(letters.length)]).join(""),
    );
    const files = fileNames(names, ".png");
    assertEquals(files.length, names.length);
    const compared = files.map((file) => file.normalize("NFC").toLowerCase().normalize("NFC"));
    assertEquals(new Set(compared).size, names.length, JSON.stringify(names));
    for (const file of files) {
      assert(bytesOf(file) <= 255 && file.isWellFormed());
      assertEquals(resolve("/folder", file), join("/folder", file));
      assertEquals(basename(file), file);
      assert(!/^\.|[/\\:*?"<>|\p{Cc}]|[. ]$/u.test(file), file);
    }
    assertEquals(fileNames(files.map((file) => file.slice(0, -4)), ".png"), files);
  }
});

Deno.test("hundreds of thousands of equal names are numbered in one go", () => {
  const files = fileNames(Array.from({ length: 200_000 }, () => "a"), ".png");
  assertEquals(files.at(-1), "a_200000.png");
});

Deno.test("files of such names can be written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const names = [
      "a".repeat(255),
      "a".repeat(256),
      "A",
      "a",
      "\u00e9",
      "e\u0301",
      "x\\y",
      "x_y",
      "..",
      "",
      "CON",
    ];
    for (const file of fileNames(names, ".png")) await Deno.writeFile(join(folder, file), new Uint8Array());
    assertEquals([...Deno.readDirSync(folder)].length, names.length);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
