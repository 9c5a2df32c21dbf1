create database "belay wild database";
