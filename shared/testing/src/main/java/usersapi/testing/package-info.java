/** Code that the tests of all modules share: tables of their own, faults of the network, requests over HTTP, log lines. */
package usersapi.testing;
