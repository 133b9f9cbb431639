/** Code that the tests of all modules share: tables, faults of the network, requests over HTTP, log lines. */
package usersapi.testing;
