/** The output of `tscent --help`. */
export const help = `Usage: tscent methods [options]

Lists the methods that this client knows: the client's name, the RPC, the path
below the address of the HTTP API, and whether a batch can carry the method.
With a server, it also says which of them the server lacks.

  --url <url>          the address of the server's HTTP API, as in
                       http://localhost:8000/api (default: CENT_URL)
  --api-key <key>      its key (default: CENT_API_KEY, which unlike this option
                       is not in the list of processes)
  --offline            ask no server, even if CENT_URL is set
  --descriptor <file>  list the methods of a schema of your own instead, from an
                       image made by "buf build -o <file>", and say how they
                       differ from the client's
  --json               write JSON
  -h, --help           write this
  --version            write the version of this package

The server executes nothing: each request has a body that is not JSON. A server
that has the method answers HTTP 400 and logs an error, one that lacks it
answers 404. CENT_TIMEOUT_MS is the limit for each reply.

The exit code is 0, even if the server lacks methods. It is 2 if the command
line is wrong, or if the server or the file cannot be read.
`;
