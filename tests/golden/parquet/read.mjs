// Prints the rows of a Parquet file as one JSON array. Arguments: the folder that holds node_modules, the file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, path] = process.argv.slice(2);
const find = createRequire(join(modules, "package.json"));
const load = name => import(pathToFileURL(find.resolve(name)).href);
const { parquetReadObjects } = await load("hyparquet");
const { compressors } = await load("hyparquet-compressors");

const bytes = readFileSync(path);
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
process.stdout.write(JSON.stringify(await parquetReadObjects({ file, compressors }), (_, value) => typeof value === "bigint" ? Number(value) : value));
